import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { Store, VirtualCluster } from 'sublet/pulumi';

const config = new pulumi.Config();

const namespace = new k8s.core.v1.Namespace('team-a', { metadata: { name: 'vcluster-team-a' } });

// The URL holds a password. It stands in this Secret and nowhere else: not in the pods, not in their command lines.
const database = new k8s.core.v1.Secret('team-a-database', {
  metadata: { name: 'team-a-database', namespace: namespace.metadata.name },
  stringData: { endpoint: config.requireSecret('databaseUrl') },
});

const cluster = new VirtualCluster('team-a', {
  namespace: namespace.metadata.name,
  createNamespace: false,
  store: Store.postgres({ connection: { secretName: database.metadata.name } }),
  controlPlane: { replicas: 3 },
});

export const kubeconfig = cluster.kubeconfig;
