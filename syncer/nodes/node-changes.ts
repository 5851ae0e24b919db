import { mergePatch, subsetEqual } from '../engine/diff';
import { isImported } from '../engine/import-syncer';
import type { Change } from '../engine/types';
import { isFakeNode } from './fake-node';
import { readShownRecord } from './shown-record';
import type { Node } from './types';

/** Whether a virtual node is one that we made, and so may change and remove. */
export function isOwnNode(node: Node): boolean {
  return isFakeNode(node) || isImported(node);
}

/**
 * The writes that bring a virtual node to what it should be. Labels, annotations and taints of the tenant's own stay;
 * those that came from the host and that it no longer has go. Status is written by its subresource.
 */
export function nodeChanges(desired: Node, current: Node): readonly Change[] {
  const changes: Change[] = [];
  const patch = mainPatch(desired, current);
  if (patch !== undefined) changes.push({ kind: 'patch', patch: guarded(patch, current) });
  const status = statusPatch(desired, current);
  if (status !== undefined) changes.push({ kind: 'patch', subresource: 'status', patch: status });
  return changes;
}

function mainPatch(desired: Node, current: Node): object | undefined {
  // A provider's ID can be set once and never be changed.
  const paths = ['spec.taints', ...(current.spec?.providerID ? [] : ['spec.providerID'])];
  // Of a fake node nothing comes from the host, so whether it is cordoned is the tenant's affair alone.
  const cordon = isFakeNode(desired) && !readShownRecord(current).cordoned ? [] : ['spec.unschedulable'];
  const patch = mergePatch(desired, current, [...paths, ...cordon]);
  const record = readShownRecord(current);
  const labels = goneKeys(record.labels, desired.metadata.labels, current.metadata.labels);
  const annotations = goneKeys(record.annotations, desired.metadata.annotations, current.metadata.annotations);
  if (labels === undefined && annotations === undefined) return patch;
  const metadata = membersOf(patch?.metadata);
  return {
    ...patch,
    metadata: {
      ...metadata,
      ...(labels && { labels: { ...labels, ...membersOf(metadata.labels) } }),
      ...(annotations && { annotations: { ...annotations, ...membersOf(metadata.annotations) } }),
    },
  };
}

/**
 * Taints are written whole, the tenant's among them. One that the tenant has taken away meanwhile must not come back, so
 * such a write holds only for the version that was looked at.
 */
function guarded(patch: object, { metadata: { resourceVersion } }: Node): object {
  if (!('spec' in patch) || resourceVersion === undefined) return patch;
  return { ...patch, metadata: { ...('metadata' in patch ? membersOf(patch.metadata) : {}), resourceVersion } };
}

type Keys = { readonly [key: string]: string };

function goneKeys(recorded: readonly string[], desired: Keys = {}, current: Keys = {}): object | undefined {
  const gone = recorded.filter((key) => !(key in desired) && key in current);
  return gone.length === 0 ? undefined : Object.fromEntries(gone.map((key) => [key, null]));
}

function membersOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A fake node may be given more by the tenant (extended resources, conditions); a real one is what the host's is. */
function statusPatch(desired: Node, current: Node): object | undefined {
  if (isFakeNode(desired) && isFakeNode(current)) {
    return subsetEqual(desired.status, current.status) ? undefined : { status: desired.status };
  }
  const { status: wanted } = desired;
  return mergePatch({ metadata: {}, ...{ status: wanted } }, { metadata: {}, ...{ status: current.status } }, [
    'status',
  ]);
}
