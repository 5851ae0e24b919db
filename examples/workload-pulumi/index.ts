import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { Persistence, Store, VirtualCluster } from 'sublet/pulumi';

const server = new pulumi.Config().require('server');
const cluster = new VirtualCluster('team-b', {
  store: Store.sqlite({ persistence: Persistence.ephemeral() }),
  kubeconfig: { server },
  // The server's certificate must carry the name under which it is asked for.
  controlPlane: { extraSans: [new URL(server).hostname] },
});

// Everything from here on is made inside the virtual cluster once that is ready, and is gone before it goes.
const inside = { provider: cluster.provider };
const labels = { app: 'web' };

const shop = new k8s.core.v1.Namespace('shop', {}, inside);
const metadata = { name: 'web', namespace: shop.metadata.name };

new k8s.apps.v1.Deployment(
  'web',
  {
    metadata,
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'web',
              image: 'registry.k8s.io/e2e-test-images/agnhost:2.66.1',
              args: ['netexec', '--http-port=8080'],
              ports: [{ name: 'http', containerPort: 8080 }],
              readinessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  },
  inside,
);

const service = new k8s.core.v1.Service(
  'web',
  { metadata, spec: { selector: labels, ports: [{ port: 80, targetPort: 'http' }] } },
  inside,
);

export const namespace = shop.metadata.name;
export const address = service.spec.clusterIP;
export const kubeconfig = cluster.kubeconfig;
