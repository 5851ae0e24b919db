import * as z from 'zod';

const keyPatterns = z.array(z.string());

/** What the section `sync` says about labels and annotations. */
export const metadataSync = {
  labels: z.strictObject({
    /** Keys, or with a trailing `*` beginnings of keys, that reach the host as they are instead of hashed. */
    preserve: keyPatterns,
    /** Keys that belong to the host's own controllers: they are hashed even where `preserve` names them. */
    hostOwned: keyPatterns,
  }),
  namespaceLabels: z.strictObject({
    /** Kinds whose copies carry the labels of their virtual namespace, besides pods. */
    alsoOn: z.array(z.string()),
  }),
  annotations: z.strictObject({
    /** By kind: the keys that reach the host as they are. No others do. */
    toHost: z.record(z.string(), keyPatterns),
    /** By kind: the keys that the host's copy may have and the tenant sees. */
    fromHost: z.record(z.string(), keyPatterns),
  }),
} as const;
