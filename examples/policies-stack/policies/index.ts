import * as k8s from '@pulumi/kubernetes';
import { NodeSyncPolicy, SyncPolicy } from 'sublet/pulumi';

// The platform's stack. It comes before the virtual cluster, of which it decides the name, the namespace and the rights.
const home = new k8s.core.v1.Namespace('team-a', { metadata: { name: 'tenant-team-a' } });
const cluster = { name: 'team-a', namespace: home.metadata.name };

new NodeSyncPolicy('team-a-nodes', {
  cluster,
  mode: 'selectedInUse',
  selector: { 'example.com/pool': 'tenants' },
});

new SyncPolicy('team-a-sync', {
  cluster,
  toHost: { ingresses: { enabled: true }, networkPolicies: { enabled: true } },
});

export const name = cluster.name;
export const namespace = cluster.namespace;
