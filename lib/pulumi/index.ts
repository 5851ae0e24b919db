/** Virtual clusters as Pulumi components. */
export { SpecError } from '../spec';
export { Persistence, Store } from './factories';
export { type SecretKey, VirtualCluster, type VirtualClusterArgs } from './virtual-cluster';
