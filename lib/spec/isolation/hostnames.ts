import * as z from 'zod';
import type { HostnameRules } from '../../contract';
import { plainText } from '../fields';
import { RULES, type TextRule } from '../rules';

/** Which host names tenants may serve by Ingresses, Gateways and routes. */
export interface HostnameIsolation {
  /**
   * Host names, or with `*.` all names below one, at any depth: `*.team-a.example.com`. They count for rules and
   * certificates of Ingresses, listeners of Gateways, and routes.
   * @default - any, but no wildcards
   */
  readonly allowed?: readonly string[];
  /**
   * Whether an Ingress may have a default backend or a rule without a host, and a route no host name on a listener that
   * has none: they then get all traffic that nobody else has claimed.
   * @default false
   */
  readonly catchAll?: boolean;
  /**
   * Who comes first to a host name has it, among all virtual clusters that declare the same namespace of the host. A
   * wildcard and a name below it count as one. Without it nothing keeps two clusters from serving one name.
   * @default - no claims are made
   */
  readonly claims?: HostnameClaims;
}

/** Where virtual clusters of one host note which of them has which host name. */
export interface HostnameClaims {
  /**
   * A namespace of the host that exists, best for nothing else: the syncer gets the right to make and delete Leases there.
   */
  readonly namespace: string;
}

const HOSTNAME: TextRule = {
  allowed: 'a host name such as shop.example.com, or *.team-a.example.com for all below one',
  test: (name) => RULES.domain.test(name.replace(/^\*\./, '')),
  hint: (name) =>
    name === '*'
      ? 'leave out `allowed` for any name'
      : name !== name.toLowerCase()
        ? `did you mean ${name.toLowerCase()}?`
        : undefined,
};

/** The schema of {@link HostnameIsolation}. */
export const hostnameIsolationSchema = z
  .strictObject({
    allowed: z.array(plainText(HOSTNAME)).min(1, 'must name at least one host name').readonly().optional(),
    catchAll: z.boolean().optional(),
    claims: z
      .strictObject({ namespace: plainText(RULES.label) })
      .readonly()
      .optional(),
  })
  .readonly();

/** Fills in the defaults. */
export function resolveHostnameIsolation(options: HostnameIsolation = {}): HostnameRules {
  const { allowed, catchAll = false, claims } = options;
  return {
    ...(allowed && { allowed: [...allowed] }),
    catchAll,
    ...(claims && { claims: { namespace: claims.namespace } }),
  };
}
