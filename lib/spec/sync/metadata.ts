import * as z from 'zod';
import { text } from '../fields';
import type { TextRule } from '../rules';

/** How the labels of tenants reach the host. */
export interface LabelsOptions {
  /**
   * Keys that reach the host as they are; one with `*` at its end stands for all that begin so, and `*` alone for all
   * keys. The others are hashed, so that no tenant's label matches a selector of the host.
   * @default - none: all keys are hashed
   */
  readonly preserve?: readonly string[];
}

/** What `sync` says about labels and annotations. */
export interface MetadataSync {
  readonly labels?: LabelsOptions;
}

const KEY_PATTERN: TextRule = {
  allowed: 'a label key such as example.com/team, with or without * at its end, or * alone',
  test: (key) => /^(\*|[A-Za-z0-9]([A-Za-z0-9._-]*(\/[A-Za-z0-9._-]*)?)?\*?)$/.test(key),
};

/** The schema of {@link MetadataSync}, field by field. */
export const metadataShape = {
  labels: z
    .strictObject({ preserve: z.array(text(KEY_PATTERN)).readonly().optional() })
    .readonly()
    .optional(),
} as const;

/** Fills in the defaults. */
export function resolveMetadata({ labels }: MetadataSync) {
  return { labels: { preserve: [...(labels?.preserve ?? [])] } };
}
