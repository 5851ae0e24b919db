import * as z from 'zod';

/** What the section `isolation` says about the Pod Security Standard, and what pods may have beyond it. */
export const podSecurityRules = z.strictObject({
  /** Whose rules: those of the newest release that the syncer knows, or of one: `1.33`. */
  version: z.string(),
  /** What the level refuses, and this virtual cluster may have all the same. */
  allow: z.strictObject({
    /** Directories of the node, with all that lies below them. */
    hostPaths: z.array(z.strictObject({ pathPrefix: z.string(), readOnly: z.boolean() })),
    /** Ports of the node, both ends included. */
    hostPorts: z.array(z.strictObject({ from: z.number(), to: z.number() })),
    /** Linux capabilities that containers may add, without `CAP_`. */
    capabilities: z.array(z.string()),
    /** Names of sysctls. The kubelet must allow them too. */
    sysctls: z.array(z.string()),
  }),
});

/** What the section `isolation` says about the Pod Security Standard. */
export type PodSecurityRules = z.infer<typeof podSecurityRules>;
