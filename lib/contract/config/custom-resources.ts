import * as z from 'zod';

/** The section that says which custom resources cross, and how objects are changed on the way. */
export const customResourcesSection = z.strictObject({
  /** Version of this schema. */
  version: z.literal(1),
});

/** The section that says which custom resources cross, and how objects are changed on the way. */
export type CustomResourcesSection = z.infer<typeof customResourcesSection>;
