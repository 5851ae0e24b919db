import * as z from 'zod';

const offered = z.strictObject({
  /** Names of the host's classes. */
  allowed: z.array(z.string()),
  /** The one for objects that name none. Absent: there is none. */
  default: z.string().optional(),
});

/** What the section `isolation` says about classes of the host, besides those that the virtual cluster shows. */
export const classRules = z.strictObject({
  ingress: offered,
  gateway: z.strictObject({ allowed: z.array(z.string()) }),
  device: z.strictObject({ allowed: z.array(z.string()) }),
  /** Absent: the host offers its storage classes to everybody. */
  storage: offered.optional(),
});

/** What the section `isolation` says about classes of the host. */
export type ClassRules = z.infer<typeof classRules>;

/** Classes of one kind that tenants may name, and the one that they get for none. */
export type OfferedClasses = z.infer<typeof offered>;
