import type { ResolvedSpec } from '../../spec';
import { FOLLOW, READ, type Right, type Rights, SYNC } from './right';

/** What custom resources take: their definitions are read one by one, and their objects by the verbs of their direction. */
export function customResourcesRights({ namespace: own, sections }: ResolvedSpec): Rights {
  const { toHost, fromHost } = sections['custom-resources'];
  const inNamespaces: { [namespace: string]: readonly Right[] } = {};
  const namespaced: Right[] = toHost.map(({ group, plural }) => ({ group, resource: plural, verbs: SYNC }));
  const clusterWide: Right[] = [];
  for (const { group, plural, ...rule } of fromHost) {
    if (rule.scope === 'cluster') clusterWide.push({ group, resource: plural, verbs: READ });
    else {
      for (const { from } of rule.mappings) {
        const right = { group, resource: plural, verbs: READ, ...(from.name !== undefined && { names: [from.name] }) };
        if (from.namespace === own) namespaced.push(right);
        else inNamespaces[from.namespace] = [...(inNamespaces[from.namespace] ?? []), right];
      }
    }
  }
  const definitions = [...toHost, ...fromHost].map(({ plural, group }) => `${plural}.${group}`);
  return { namespaced, clusterWide: [...definitionRights(definitions), ...clusterWide], inNamespaces };
}

/**
 * Reading the CustomResourceDefinitions of these names, to copy them. With names, a list or watch is allowed for one
 * name at a time (`metadata.name` as field selector), which is how the syncer asks.
 */
export function definitionRights(names: readonly string[]): readonly Right[] {
  if (names.length === 0) return [];
  return [{ group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', verbs: FOLLOW, names }];
}
