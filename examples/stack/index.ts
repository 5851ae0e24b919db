import * as pulumi from '@pulumi/pulumi';
import { VirtualCluster, type VirtualClusterArgs } from 'sublet/pulumi';

/** A virtual cluster declared by nothing but stack configuration: the root `Pulumi.yaml` runs this program. */
const config = new pulumi.Config('sublet');
const cluster = new VirtualCluster(config.require('name'), config.getObject<VirtualClusterArgs>('cluster'));

export const namespace = cluster.namespace;
export const endpoint = cluster.endpoint;
export const kubeconfig = cluster.kubeconfig;
