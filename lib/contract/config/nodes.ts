import * as z from 'zod';

/** The section that says which nodes the virtual cluster has, and who places its pods. */
export const nodesSection = z.strictObject({
  /** Version of this schema. */
  version: z.literal(1),
  mode: z.enum(['fake']),
  scheduling: z.strictObject({ by: z.enum(['host']) }),
});

/** The section that says which nodes the virtual cluster has, and who places its pods. */
export type NodesSection = z.infer<typeof nodesSection>;
