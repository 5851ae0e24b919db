import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { VirtualCluster } from 'sublet/pulumi';

const cluster = new VirtualCluster('team-a', {
  endpoint: { via: 'loadBalancer', hostname: new pulumi.Config().require('hostname') },
});

// `cluster.provider` is the short form of this. Here it is written out, because it says one thing more.
const provider = new k8s.Provider(
  'inside-team-a',
  {
    kubeconfig: cluster.kubeconfig,
    // Pulumi replaces everything that a provider has made when it takes the provider for another cluster's. This says
    // which one it is, so that renewed certificates and another address in the kubeconfig replace nothing.
    clusterIdentifier: pulumi.interpolate`sublet/${cluster.namespace}/${cluster.name}`,
    // A cluster that was deleted by other hands took all of this with it: then there is nothing to wait for.
    deleteUnreachable: true,
  },
  // Made after all that the cluster is made of, its load balancer included, and gone before any of it.
  { dependsOn: cluster },
);

// `deletedWith`: when the cluster is destroyed too, what is inside goes with it, and Pulumi deletes it no more one by one.
const inside = { provider, deletedWith: cluster };
const labels = { app: 'web' };
const shop = new k8s.core.v1.Namespace('shop', { metadata: { name: 'shop' } }, inside);
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
        spec: { containers: [{ name: 'web', image: 'nginx:1.29', ports: [{ name: 'http', containerPort: 80 }] }] },
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

export const kubeconfig = cluster.kubeconfig;
/** The same on both sides: pods of the host reach the Service here, too. */
export const address = service.spec.clusterIP;
