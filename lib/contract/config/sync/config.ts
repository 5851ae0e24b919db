import * as z from 'zod';

const copied = z.strictObject({
  /** Whether every object is copied, or only those that something on the host refers to. */
  all: z.boolean(),
});

/** What the section `sync` says under `toHost` about ConfigMaps and Secrets. */
export const configToHost = { configMaps: copied, secrets: copied } as const;

const mapping = z.strictObject({
  host: z.strictObject({
    /** Absent: the host namespace of the virtual cluster. */
    namespace: z.string().optional(),
    /** Absent: all objects of the namespace. */
    name: z.string().optional(),
  }),
  virtual: z.strictObject({
    namespace: z.string(),
    /** Absent: as on the host. */
    name: z.string().optional(),
  }),
});

/** Objects of a host namespace, and where they are shown. */
export type MappedConfig = z.infer<typeof mapping>;

const shown = z.strictObject({ mappings: z.array(mapping) });

/** What the section `sync` says under `fromHost` about ConfigMaps and Secrets. */
export const configFromHost = { configMaps: shown, secrets: shown } as const;
