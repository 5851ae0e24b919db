import type { Taint } from 'kubernetes-types/core/v1';
import * as z from 'zod';
import { isReservedKey, type RealNodesSection, shortHash } from '../../lib/contract';
import type { Change, ClusterContext } from '../engine/types';
import { matchesAny } from './key-patterns';
import { taintId } from './real-node';
import type { Node } from './types';

/** What the labels and taints of a tenant come to on the host's node. */
export interface NodeToHost {
  /** The write to the host's node, none when it holds them already. */
  readonly changes: readonly Change[];
  /** Keys that the host, or another virtual cluster, has set itself: they are left alone. */
  readonly taken: readonly string[];
}

/**
 * Brings the labels and taints that a tenant may give the host's nodes to a host node. What was brought there is
 * written down on the node, so that only that is changed or taken away again, and by this virtual cluster alone.
 */
export function nodeToHost(virtual: Node, host: Node, section: RealNodesSection, ctx: ClusterContext): NodeToHost {
  const { toHost } = section;
  const before = readBrought(host, ctx);
  const mayBring = (key: string, patterns: readonly string[]) => !isReservedKey(key) && matchesAny(key, patterns);
  const hostLabels = host.metadata.labels ?? {};
  const hostTaints = host.spec?.taints ?? [];

  const wantedLabels = Object.entries(virtual.metadata.labels ?? {}).filter(([key]) => mayBring(key, toHost.labels));
  const isFree = (key: string) => before.labels.includes(key) || !(key in hostLabels);
  const labels = Object.fromEntries(wantedLabels.filter(([key]) => isFree(key)));
  const wantedTaints = (virtual.spec?.taints ?? []).filter(({ key }) => mayBring(key, toHost.taints));
  const isFreeTaint = (id: string) => before.taints.includes(id) || !hostTaints.some((one) => taintId(one) === id);
  const taints = wantedTaints.filter((taint) => isFreeTaint(taintId(taint)));

  const taken = [
    ...wantedLabels.filter(([key, value]) => !isFree(key) && hostLabels[key] !== value).map(([key]) => key),
    ...wantedTaints.filter((taint) => !isFreeTaint(taintId(taint))).map(({ key }) => key),
  ];
  return { changes: changesTo(host, before, labels, taints, ctx), taken };
}

function changesTo(
  host: Node,
  before: Brought,
  labels: { readonly [key: string]: string },
  taints: readonly Taint[],
  ctx: ClusterContext,
): readonly Change[] {
  const current = host.metadata.labels ?? {};
  const set = Object.entries(labels).filter(([key, value]) => current[key] !== value);
  const gone = before.labels.filter((key) => !(key in labels) && key in current);
  const kept = (host.spec?.taints ?? []).filter((taint) => !before.taints.includes(taintId(taint)));
  const wanted = [...kept, ...taints];
  const sameTaints = sameList((host.spec?.taints ?? []).map(taintText), wanted.map(taintText));
  const record = { labels: Object.keys(labels).sort(), taints: taints.map(taintId).sort() };
  const sameRecord = sameList(record.labels, before.labels) && sameList(record.taints, before.taints);
  if (set.length === 0 && gone.length === 0 && sameTaints && sameRecord) return [];
  const isEmpty = record.labels.length === 0 && record.taints.length === 0;
  const { resourceVersion } = host.metadata;
  const patch = {
    metadata: {
      // Taints are written whole: somebody else's that came meanwhile must not get lost.
      ...(resourceVersion !== undefined && { resourceVersion }),
      labels: { ...Object.fromEntries(gone.map((key) => [key, null])), ...Object.fromEntries(set) },
      annotations: { [broughtKey(ctx)]: isEmpty ? null : JSON.stringify(record) },
    },
    ...(!sameTaints && { spec: { taints: wanted } }),
  };
  return [{ kind: 'patch', patch }];
}

/** Keys of labels, and taints as `key:effect`, that this virtual cluster has brought to a host node. */
interface Brought {
  readonly labels: readonly string[];
  readonly taints: readonly string[];
}

const schema = z.object({ labels: z.array(z.string()), taints: z.array(z.string()) });

function readBrought({ metadata }: Node, ctx: ClusterContext): Brought {
  const nothing = { labels: [], taints: [] };
  const text = metadata.annotations?.[broughtKey(ctx)];
  if (text === undefined) return nothing;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? nothing;
  } catch {
    return nothing;
  }
}

/** The annotation of a host node under which this virtual cluster, and no other, writes down what it brought. */
export function broughtKey({ hostNamespace, cluster }: Pick<ClusterContext, 'hostNamespace' | 'cluster'>): string {
  return `sublet.dev/brought-by-${shortHash(`${hostNamespace}/${cluster}`)}`;
}

function taintText({ key, value = '', effect }: Taint): string {
  return `${key}=${value}:${effect}`;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
