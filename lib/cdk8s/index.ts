/** Virtual clusters as cdk8s constructs. */
export { patch, SpecError } from '../spec';
export { Persistence, Store } from './factories';
export type { NamedConstruct, Text } from './lazy-values';
export { Backup, type BackupProps } from './policies/backup';
export { CustomResourceSync, type CustomResourceSyncProps } from './policies/custom-resource-sync';
export { ExposedEndpoint, type ExposedEndpointProps } from './policies/exposed-endpoint';
export { IsolationPolicy, type IsolationPolicyProps } from './policies/isolation-policy';
export { NamespaceMapping, type NamespaceMappingProps } from './policies/namespace-mapping';
export { NodeSyncPolicy, type NodeSyncPolicyProps } from './policies/node-sync-policy';
export { ServiceMapping, type ServiceMappingProps } from './policies/service-mapping';
export { SyncPolicy, type SyncPolicyProps } from './policies/sync-policy';
export { type SecretKey, VirtualCluster, type VirtualClusterProps } from './virtual-cluster';
