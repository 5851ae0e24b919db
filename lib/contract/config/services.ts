import * as z from 'zod';

const serviceMapping = z.strictObject({
  /** The Service in the virtual cluster. */
  virtual: z.strictObject({ namespace: z.string(), name: z.string() }),
  /** The Service on the host; without a namespace, in that of the virtual cluster. */
  host: z.strictObject({ namespace: z.string().optional(), name: z.string() }),
});

/** One Service that is known under another name on the other side. */
export type MappedService = z.infer<typeof serviceMapping>;

/** The section that says which Services are known under given names on the other side. */
export const servicesSection = z.strictObject({
  /** Version of this schema. */
  version: z.literal(1),
  /** Services of the virtual cluster that the host knows by name. */
  toHost: z.array(serviceMapping),
  /** Services of the host that the virtual cluster knows by name. */
  fromHost: z.array(serviceMapping),
});

/** The section that says which Services are known under given names on the other side. */
export type ServicesSection = z.infer<typeof servicesSection>;
