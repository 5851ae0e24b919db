import * as z from 'zod';
import type { NodesSection } from '../contract';

/** A node appears in the virtual cluster while a pod of it runs there; nothing but its name and size shows. */
export interface FakeNodes {
  readonly mode: 'fake';
}

/** Which nodes the virtual cluster has. */
export type NodesOptions = FakeNodes;

/** The schema of {@link NodesOptions}. */
export const nodesSchema = z.strictObject({ mode: z.enum(['fake']) }).readonly();

/** Fills in the defaults. */
export function resolveNodes(options: NodesOptions = { mode: 'fake' }): NodesSection {
  return { version: 1, mode: options.mode, scheduling: { by: 'host' } };
}
