import * as z from 'zod';
import type { IsolationSection } from '../../contract';
import { plainText } from '../fields';
import { type PodAllowances, podAllowancesSchema, resolvePodSecurity } from './pod-security';

/** Nothing is kept from tenants but what Sublet never copies: the host cluster's own policies decide alone. */
export interface NoIsolation {
  readonly level: 'off';
}

/** What tenants are kept from on the host. */
export interface IsolationRules {
  /**
   * The Pod Security Standard that pods must meet as they would run on the host. It holds in the syncer, is the default
   * of the virtual API server's own admission, and a label of the host namespace. `privileged` lets every pod through,
   * and keeps the rest of what is declared here.
   * @default 'baseline'
   */
  readonly level?: 'baseline' | 'restricted' | 'privileged';
  /**
   * Of which Kubernetes release the rules of the standard are: `1.33`.
   * @default - those of the newest that the syncer knows
   */
  readonly podSecurityVersion?: string;
  /** What pods may have although the level refuses it. @default - nothing */
  readonly allow?: PodAllowances;
}

/** What tenants are kept from on the host, told apart by `level`. */
export type IsolationOptions = IsolationRules | NoIsolation;

const rulesShape = {
  podSecurityVersion: plainText({
    allowed: 'a release such as 1.33, or latest',
    test: (version) => /^(latest|1\.\d{1,3})$/.test(version),
    hint: (version) => (/^v1\.\d+/.test(version) ? `did you mean ${version.slice(1)}?` : undefined),
  }).optional(),
  allow: podAllowancesSchema.optional(),
};

/** The schema of {@link IsolationOptions}. */
export const isolationSchema = z.discriminatedUnion('level', [
  z.strictObject({ level: z.enum(['baseline', 'restricted', 'privileged']).optional(), ...rulesShape }).readonly(),
  z.strictObject({ level: z.literal('off') }).readonly(),
]);

/** Fills in the defaults. */
export function resolveIsolation(isolation: IsolationOptions = {}): IsolationSection {
  if (isolation.level === 'off') return { version: 1, level: 'off' };
  const { level = 'baseline', podSecurityVersion, allow } = isolation;
  return { version: 1, level, podSecurity: resolvePodSecurity(podSecurityVersion, allow) };
}
