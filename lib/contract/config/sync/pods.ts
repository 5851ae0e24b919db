import * as z from 'zod';

const classes = z.strictObject({
  /** The class of the host for pods that name none, or none that the host lets them have. */
  default: z.string().optional(),
  /** Classes of the host that pods may name, besides those that are shown. */
  allowed: z.array(z.string()),
});

const amounts = z.record(z.string(), z.string());

/** What the section `sync` says under `toHost` about pods. */
export const podsToHost = {
  pods: z.strictObject({
    /** Beginnings of image names, and what stands in their place on the host. The longest that fits counts. */
    translateImages: z.record(z.string(), z.string()),
    /** Tolerations that every pod has, in the form of {@link parseToleration}. */
    enforceTolerations: z.array(z.string()),
    /** Labels that the node of every pod must have, whatever the tenant says of them. */
    enforceNodeSelector: z.record(z.string(), z.string()),
    priorityClasses: classes,
    runtimeClasses: classes,
    rewriteHosts: z.strictObject({
      /** Whether pods with a subdomain get a helper that writes their `/etc/hosts`. */
      enabled: z.boolean(),
      /** What the helper may use. Absent: as much as leaves the pod's quality of service as it is. */
      resources: z.strictObject({ requests: amounts, limits: amounts }).optional(),
    }),
    /** Whether containers get environment variables for the Services of their namespace. */
    serviceLinks: z.boolean(),
  }),
} as const;
