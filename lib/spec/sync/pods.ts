import * as z from 'zod';

/** How pods are copied to the host. They always are. */
export type PodsToHostOptions = Readonly<Record<string, never>>;

/** What `sync.toHost` says about pods. */
export interface PodsToHost {
  /** Pods. */
  readonly pods?: PodsToHostOptions;
}

/** The schema of {@link PodsToHost}, field by field. */
export const podsToHostShape = { pods: z.strictObject({}).readonly().optional() } as const;

/** Fills in the defaults. */
export function resolvePodsToHost(_options: PodsToHost) {
  return { pods: {} };
}
