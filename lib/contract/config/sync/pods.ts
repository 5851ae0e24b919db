import * as z from 'zod';

/** What the section `sync` says under `toHost` about pods. */
export const podsToHost = { pods: z.strictObject({}) } as const;
