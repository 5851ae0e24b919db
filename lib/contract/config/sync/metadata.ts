import * as z from 'zod';

/** What the section `sync` says about labels and annotations. */
export const metadataSync = {
  labels: z.strictObject({
    /** Keys, or with a trailing `*` beginnings of keys, that reach the host as they are instead of hashed. */
    preserve: z.array(z.string()),
  }),
} as const;
