import * as z from 'zod';

/** Tolerations that pods may have, in the form of {@link parseToleration}, besides those that Kubernetes itself adds. */
export const tolerationRules = z.array(z.string());
