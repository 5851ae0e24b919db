import type { ResolvedSpec } from '../../spec';
import { backupRights } from './backup';
import { BASE_RIGHTS } from './base';
import { configRights } from './config';
import { customResourcesRights } from './custom-resources';
import { hostnamesRights } from './hostnames';
import { followsNamespaces, namespacesRights } from './namespaces';
import { networkRights } from './network';
import { nodesRights } from './nodes';
import type { Right, Rights, Verb } from './right';
import { servicesRights } from './services';
import { storageRights } from './storage';
import { workloadsRights } from './workloads';

export type { Right, Rights, Verb } from './right';

const FEATURES: readonly ((spec: ResolvedSpec) => Rights)[] = [
  () => ({ namespaced: BASE_RIGHTS }),
  configRights,
  storageRights,
  networkRights,
  workloadsRights,
  nodesRights,
  servicesRights,
  namespacesRights,
  customResourcesRights,
  hostnamesRights,
  backupRights,
];

/** Everything that the syncer may do on the host: what each feature that is switched on takes, and nothing else. */
export function syncerRights(spec: ResolvedSpec): Required<Rights> {
  const parts = FEATURES.map((feature) => feature(spec));
  const inNamespaces = new Map<string, Right[]>();
  for (const part of parts) {
    for (const [namespace, rights] of Object.entries(part.inNamespaces ?? {})) {
      inNamespaces.set(namespace, [...(inNamespaces.get(namespace) ?? []), ...rights]);
    }
  }
  const namespaced = parts.flatMap((part) => part.namespaced ?? []);
  const everywhere = namespaced.filter((right) => followsNamespaces(spec, right));
  return {
    namespaced: merged(namespaced),
    clusterWide: merged([...parts.flatMap((part) => part.clusterWide ?? []), ...everywhere]),
    inNamespaces: Object.fromEntries([...inNamespaces].map(([namespace, rights]) => [namespace, merged(rights)])),
  };
}

/** One right a kind of object, with the verbs of all features that need it. */
function merged(rights: readonly Right[]): readonly Right[] {
  const byKind = new Map<string, Right>();
  for (const right of rights) {
    const id = JSON.stringify([right.group, right.resource, right.names]);
    const verbs = new Set<Verb>([...(byKind.get(id)?.verbs ?? []), ...right.verbs]);
    byKind.set(id, { ...right, verbs: [...verbs] });
  }
  return [...byKind.values()];
}
