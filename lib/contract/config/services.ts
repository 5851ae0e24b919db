import * as z from 'zod';

/** The section that says which Services are known under given names on the other side. */
export const servicesSection = z.strictObject({
  /** Version of this schema. */
  version: z.literal(1),
});

/** The section that says which Services are known under given names on the other side. */
export type ServicesSection = z.infer<typeof servicesSection>;
