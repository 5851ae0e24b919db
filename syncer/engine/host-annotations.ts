import { ANNOTATIONS, declaredKind, isNeverPassed, matchesKey } from '../../lib/contract';
import type { KubeObject } from '../kube/types';
import { hashedValues, mapChanges, readHashes, readRecord } from './passed-keys';
import type { Change, ClusterContext } from './types';

/**
 * The write that shows a tenant those annotations of the host's copy that the declaration names for this kind,
 * undefined when there is none to make. What a tenant gave itself is never shown back, what it has under the same key
 * stays, and what it makes of a shown value stays until the host's changes. `own` patterns of a kind count instead of
 * those that the declaration names for all kinds.
 */
export function annotationsToVirtual(
  host: KubeObject,
  virtual: KubeObject,
  kind: string,
  { sections }: Pick<ClusterContext, 'sections'>,
  own?: readonly string[],
): Change | undefined {
  const declared = declaredKind(kind);
  const named = own ?? (declared && sections.sync.annotations.fromHost[declared]) ?? [];
  const current = virtual.metadata.annotations ?? {};
  const text = current[ANNOTATIONS.hostAnnotations];
  if (named.length === 0 && text === undefined) return undefined;
  const given = readRecord(host.metadata).annotations;
  const isShown = (key: string) => matchesKey(named, key) && !isNeverPassed(key) && !Object.hasOwn(given, key);
  const shown = Object.fromEntries(Object.entries(host.metadata.annotations ?? {}).filter(([key]) => isShown(key)));
  const { changes, passed } = mapChanges(shown, current, hashedValues(shown), readHashes(text), () => false);
  const record = Object.keys(passed).length === 0 ? null : JSON.stringify(passed);
  const annotations = {
    ...changes,
    ...(record !== (text ?? null) && { [ANNOTATIONS.hostAnnotations]: record }),
  };
  return Object.keys(annotations).length === 0 ? undefined : { kind: 'patch', patch: { metadata: { annotations } } };
}
