/** Virtual clusters as Pulumi components. */
export { patch, SpecError } from '../spec';
export { Persistence, Store } from './factories';
export { Backup, type BackupArgs } from './policies/backup';
export { CustomResourceSync, type CustomResourceSyncArgs } from './policies/custom-resource-sync';
export { ExposedEndpoint, type ExposedEndpointArgs } from './policies/exposed-endpoint';
export { IsolationPolicy, type IsolationPolicyArgs } from './policies/isolation-policy';
export { NamespaceMapping, type NamespaceMappingArgs } from './policies/namespace-mapping';
export { NodeSyncPolicy, type NodeSyncPolicyArgs } from './policies/node-sync-policy';
export { ServiceMapping, type ServiceMappingArgs } from './policies/service-mapping';
export { SyncPolicy, type SyncPolicyArgs } from './policies/sync-policy';
export { type SecretKey, VirtualCluster, type VirtualClusterArgs } from './virtual-cluster';
