import { CONFIG_KINDS } from '../config/kinds';
import { CUSTOM_KINDS } from '../custom/kinds';
import type { Declaration, DeclarationSource } from '../engine/declaration';
import { hostnameClaims } from '../network/claims/kinds';
import { NETWORK_KINDS } from '../network/kinds';
import { SERVICE_MAPPINGS } from '../services/mapping/kinds';
import { STORAGE_KINDS } from '../storage/kinds';
import { WORKLOAD_KINDS } from '../workloads/kinds';
import { HOST_NAMESPACES, NAMESPACE_ISOLATION, WORKLOAD_ACCOUNTS } from './host-namespaces';

/** Every kind that can be switched on, besides those that every virtual cluster has. A new kind gets its line here. */
export const DECLARATIONS: readonly (Declaration | DeclarationSource)[] = [
  HOST_NAMESPACES,
  WORKLOAD_ACCOUNTS,
  NAMESPACE_ISOLATION,
  ...STORAGE_KINDS,
  ...NETWORK_KINDS,
  hostnameClaims,
  SERVICE_MAPPINGS,
  ...WORKLOAD_KINDS,
  ...CONFIG_KINDS,
  CUSTOM_KINDS,
];
