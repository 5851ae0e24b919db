import * as z from 'zod';

const copied = z.strictObject({
  /** Whether every object is copied, or only those that something on the host refers to. */
  all: z.boolean(),
});

/** What the section `sync` says under `toHost` about ConfigMaps and Secrets. */
export const configToHost = { configMaps: copied, secrets: copied } as const;

/** What the section `sync` says under `fromHost` about ConfigMaps and Secrets. */
export const configFromHost = {} as const;
