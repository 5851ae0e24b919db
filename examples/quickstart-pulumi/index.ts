import * as k8s from '@pulumi/kubernetes';
import { Store, VirtualCluster } from 'sublet/pulumi';

const cluster = new VirtualCluster('team-a', {
  kubernetes: { version: '1.37' },
  store: Store.sqlite(),
  // Where this program reaches the API server: a load balancer's name, or this with a port-forward.
  kubeconfig: { server: 'https://localhost:8443' },
});

// Into the virtual cluster, in the same `pulumi up`.
new k8s.core.v1.Namespace('shop', { metadata: { name: 'shop' } }, { provider: cluster.provider });

export const kubeconfig = cluster.kubeconfig;
