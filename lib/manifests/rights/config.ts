import type { MappedConfig } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { READ, type Right, type Rights } from './right';

/**
 * Looking at the ConfigMaps and Secrets that mappings name, one by one or a namespace as a whole. Those of the own
 * namespace can be looked at anyway.
 */
export function configRights({ namespace: own, sections }: ResolvedSpec): Rights {
  const { configMaps, secrets } = sections.sync.fromHost;
  const inNamespaces: { [namespace: string]: readonly Right[] } = {};
  const add = (resource: string, { host: { namespace = own, name } }: MappedConfig) => {
    if (namespace === own) return;
    const right: Right = { group: '', resource, verbs: READ, ...(name !== undefined && { names: [name] }) };
    inNamespaces[namespace] = [...(inNamespaces[namespace] ?? []), right];
  };
  for (const mapping of configMaps.mappings) add('configmaps', mapping);
  for (const mapping of secrets.mappings) add('secrets', mapping);
  return { inNamespaces };
}
