/** Virtual clusters as cdk8s constructs. */
export { Persistence, patch, SpecError, Store } from '../spec';
export { type SecretKey, VirtualCluster, type VirtualClusterProps } from './virtual-cluster';
