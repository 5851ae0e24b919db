import * as z from 'zod';

/** Which host objects of a kind are shown: all when nothing is said, else those that meet every part. */
export const importSelector = z.strictObject({
  /** Names, one of which the object must have. Absent: any. */
  names: z.array(z.string()).optional(),
  /** Labels that the object must carry. */
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});

/** Which host objects of a kind are shown. */
export type ImportSelector = z.infer<typeof importSelector>;

/** A kind that is copied from the host, or not. */
export const importedKind = z.strictObject({ enabled: z.boolean(), selector: importSelector });

/** A kind that is copied to the host, or not. */
export const switchedKind = z.strictObject({ enabled: z.boolean() });
