import { Backup } from './backup';
import { CustomResourceSync } from './custom-resource-sync';
import { ExposedEndpoint } from './exposed-endpoint';
import { IsolationPolicy } from './isolation-policy';
import { NamespaceMapping } from './namespace-mapping';
import { NodeSyncPolicy } from './node-sync-policy';
import { ServiceMapping } from './service-mapping';
import { SyncPolicy } from './sync-policy';
import { VirtualCluster } from './virtual-cluster';

/** Every component that programs in other languages find in the package `sublet`. */
export const COMPONENTS = [
  Backup,
  CustomResourceSync,
  ExposedEndpoint,
  IsolationPolicy,
  NamespaceMapping,
  NodeSyncPolicy,
  ServiceMapping,
  SyncPolicy,
  VirtualCluster,
];
