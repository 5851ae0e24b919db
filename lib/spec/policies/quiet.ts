import { resolveBackup } from '../backup';
import { resolveCustomResources } from '../custom-resources';
import { resolveEndpoint } from '../endpoint';
import { resolveIsolation } from '../isolation';
import { resolveNamespaces } from '../namespaces';
import { resolveNodes } from '../nodes';
import { resolveServiceMappings } from '../service-mappings';
import { resolveSync } from '../sync';
import type { ResolvedSections } from '../virtual-cluster';
import type { PolicySection } from './options';

/** Each section with everything off that takes rights on the host: what a cluster knows of one that a policy declares. */
export function quietSections(cluster: string): Pick<ResolvedSections, PolicySection> {
  return {
    sync: resolveSync({ toHost: { persistentVolumeClaims: { enabled: false } } }),
    nodes: resolveNodes({ mode: 'fake', metrics: { source: 'none' } }),
    services: resolveServiceMappings(undefined),
    namespaces: resolveNamespaces(cluster, undefined),
    'custom-resources': resolveCustomResources(undefined, undefined),
    endpoint: resolveEndpoint(undefined),
    isolation: resolveIsolation({ level: 'off' }),
    backup: resolveBackup(undefined),
  };
}
