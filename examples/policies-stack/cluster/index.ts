import * as pulumi from '@pulumi/pulumi';
import { VirtualCluster } from 'sublet/pulumi';

// The team's stack. Where the cluster may live comes from the platform's stack of the same name.
const platform = new pulumi.StackReference(`${pulumi.getOrganization()}/sublet-policies/${pulumi.getStack()}`);

const cluster = new VirtualCluster('team-a', {
  namespace: platform.requireOutput('namespace'),
  createNamespace: false,
  // Options of this declaration that only the platform's stack can give.
  requires: ['nodes', 'sync'],
});

export const kubeconfig = cluster.kubeconfig;
