import * as z from 'zod';
import { ANNOTATIONS } from '../../lib/contract';
import type { Node } from './types';

/**
 * What of a virtual node comes from the host's node. A tenant may add to a node; when the host takes something away,
 * only what came from the host goes.
 */
export interface ShownRecord {
  /** Keys of labels and of annotations. */
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  /** Taints as `key:effect`. */
  readonly taints: readonly string[];
  /** Whether it was the host's cordon that made the node unschedulable. */
  readonly cordoned: boolean;
}

const schema = z.object({
  labels: z.array(z.string()),
  annotations: z.array(z.string()),
  taints: z.array(z.string()),
  cordoned: z.boolean(),
});

const NOTHING: ShownRecord = { labels: [], annotations: [], taints: [], cordoned: false };

/** The record that a virtual node carries; of one that carries none, or a spoilt one, nothing comes from the host. */
export function readShownRecord(node: Node | undefined): ShownRecord {
  const text = node?.metadata.annotations?.[ANNOTATIONS.shownOfNode];
  if (text === undefined) return NOTHING;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? NOTHING;
  } catch {
    return NOTHING;
  }
}

/** The annotation's value, the same for the same record. */
export function writeShownRecord({ labels, annotations, taints, cordoned }: ShownRecord): string {
  return JSON.stringify({
    labels: [...labels].sort(),
    annotations: [...annotations].sort(),
    taints: [...taints].sort(),
    cordoned,
  });
}
