import * as z from 'zod';

const mapping = z.strictObject({
  /** A virtual namespace, or with `*` at its end all whose names begin so. */
  virtual: z.string(),
  /** The host namespace, with `*` at its end where {@link virtual} has one: there stands the rest of the name. */
  host: z.string(),
});

/** The section that says in which host namespaces the objects of a virtual namespace lie. */
export const namespacesSection = z.discriminatedUnion('mode', [
  z.strictObject({
    /** Version of this schema. */
    version: z.literal(1),
    /** All lie in the host namespace of the virtual cluster, under names that tell where they belong. */
    mode: z.literal('single'),
  }),
  z.strictObject({
    version: z.literal(1),
    /** They lie in the host namespace that the first fitting rule names, under their own names. */
    mode: z.literal('mapped'),
    mappings: z.array(mapping),
    /** What becomes of namespaces that no rule fits: as in mode `single`, or their objects stay in the virtual cluster. */
    unmapped: z.enum(['single', 'none']),
  }),
]);

/** The section that says in which host namespaces the objects of a virtual namespace lie. */
export type NamespacesSection = z.infer<typeof namespacesSection>;
