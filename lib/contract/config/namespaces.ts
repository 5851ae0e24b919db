import * as z from 'zod';

/** The section that says in which host namespaces the objects of a virtual namespace lie. */
export const namespacesSection = z.strictObject({
  /** Version of this schema. */
  version: z.literal(1),
  mode: z.enum(['single']),
});

/** The section that says in which host namespaces the objects of a virtual namespace lie. */
export type NamespacesSection = z.infer<typeof namespacesSection>;
