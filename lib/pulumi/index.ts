/** Virtual clusters as Pulumi components. */
export { patch, SpecError } from '../spec';
export { Persistence, Store } from './factories';
export { type SecretKey, VirtualCluster, type VirtualClusterArgs } from './virtual-cluster';
