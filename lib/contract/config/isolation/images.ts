import * as z from 'zod';

/** What the section `isolation` says about images. */
export const imageRules = z.strictObject({
  /** Registries, or registries with a path, from which the host may pull. Absent: all. */
  registries: z.array(z.string()).optional(),
});

/** What the section `isolation` says about images. */
export type ImageRules = z.infer<typeof imageRules>;
