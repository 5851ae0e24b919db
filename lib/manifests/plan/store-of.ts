import type { Manifest } from '../slot';
import { isRecord } from './same-value';

/** Where a StatefulSet keeps its data. */
export type StoreOf =
  /** On claims of its own. `kept`: they stay when the StatefulSet is deleted. */
  | { readonly kind: 'claims'; readonly claims: readonly string[]; readonly kept: boolean }
  /** In its pods, and gone with them. */
  | { readonly kind: 'pods' }
  /** Outside of them, where it stays whatever becomes of them. `place` tells one store from another, in words. */
  | { readonly kind: 'outside'; readonly place: string };

/** Where a StatefulSet keeps its data, `undefined` for one that has none. */
export function storeOf(statefulSet: Manifest) {
  const templates = listAt(statefulSet, 'spec', 'volumeClaimTemplates');
  if (templates.length > 0) {
    const claims = templates.map((template) => `${nameOf(template)}-${statefulSet.metadata.name}-0`);
    // Without a word on it claims stay.
    const kept = at(statefulSet, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenDeleted') !== 'Delete';
    return { kind: 'claims', claims, kept } satisfies StoreOf;
  }
  const place = placeOutside(listAt(statefulSet, 'spec', 'template', 'spec', 'containers'));
  if (place !== undefined) return { kind: 'outside', place } satisfies StoreOf;
  const volumes = listAt(statefulSet, 'spec', 'template', 'spec', 'volumes');
  return volumes.some(isOnDisk) ? ({ kind: 'pods' } satisfies StoreOf) : undefined;
}

/** Where the store of a control plane is that keeps it elsewhere. */
function placeOutside(containers: readonly unknown[]): string | undefined {
  const named = (name: string) => containers.find((container) => at(container, 'name') === name);
  const endpoint = listAt(named('kine'), 'env').find((variable) => at(variable, 'name') === 'KINE_ENDPOINT');
  if (endpoint !== undefined) {
    const reference = at(endpoint, 'valueFrom', 'secretKeyRef');
    return `the database of Secret ${String(at(reference, 'name'))}, key ${String(at(reference, 'key'))}`;
  }
  const prefix = listAt(named('kube-apiserver'), 'args').flatMap(
    (arg) => /^--etcd-prefix=(.*)$/.exec(String(arg))?.[1] ?? [],
  );
  return prefix[0] === undefined ? undefined : `the etcd under ${prefix[0]}`;
}

/** Volumes in memory hold what is made anew at each start: keys and sockets. */
function isOnDisk(volume: unknown): boolean {
  const emptyDir = at(volume, 'emptyDir');
  return isRecord(emptyDir) && emptyDir.medium !== 'Memory';
}

function nameOf(template: unknown): string {
  return String(at(template, 'metadata', 'name') ?? '');
}

function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}
