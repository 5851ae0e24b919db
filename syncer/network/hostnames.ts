import type { HostnameRules } from '../../lib/contract';
import type { ClusterContext } from '../engine/types';
import { denial, isolationOf, quoted } from '../isolation/rules';

/** What stands for all traffic that no host name claims. */
export const CATCH_ALL = '*';

/** A host name of a tenant's object, where it stands. */
export interface Named {
  readonly field: string;
  /** {@link CATCH_ALL} where the field is empty or left out. */
  readonly hostname: string;
  /** Whether it decides where traffic goes that may be meant for others, as on a shared ingress controller. */
  readonly shared: boolean;
}

/** How far the host name claims of this cluster have come. */
export type ClaimState = 'ours' | 'taken' | 'pending';

/** Says of a host name whether this cluster has it. Where no claims are made, every name is `ours`. */
export type HostnameClaimant = (hostname: string) => ClaimState;

/** The outcome of {@link checkHostnames}. */
export type HostnameCheck =
  | { readonly kind: 'fine' }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly field: string; readonly message: string };

/** Whether a tenant's object may serve all its host names. */
export function checkHostnames(
  named: readonly Named[],
  ctx: ClusterContext,
  claimant: HostnameClaimant = () => 'ours',
): HostnameCheck {
  const rules = isolationOf(ctx)?.hostnames;
  if (rules === undefined) return { kind: 'fine' };
  for (const one of named) {
    const problem = problemOf(one, rules);
    if (problem !== undefined) return refused('FieldNotAllowed', problem.rule, one.field, problem.text);
  }
  for (const { field, hostname } of named) {
    if (claimant(hostname) !== 'taken') continue;
    const what = hostname === CATCH_ALL ? 'all other traffic' : quoted(hostname);
    return refused('HostnameTaken', 'hostnames.claims', field, `${what} is served by somebody else`);
  }
  const pending = named.find(({ hostname }) => claimant(hostname) === 'pending');
  return pending === undefined
    ? { kind: 'fine' }
    : { kind: 'wait', reason: `the host name ${quoted(pending.hostname)} is being claimed` };
}

/** The host names that a check would let pass, to be claimed. */
export function claimable(named: readonly Named[], ctx: ClusterContext): readonly string[] {
  const rules = isolationOf(ctx)?.hostnames;
  if (rules === undefined || named.some((one) => problemOf(one, rules) !== undefined)) return [];
  return named.map(({ hostname }) => hostname);
}

/**
 * Whether one of the patterns covers a host name: the name itself, or with a leading `*.` all names and wildcards below
 * it. Case and a trailing dot mean nothing in DNS.
 */
export function isAllowedHostname(allowed: readonly string[], hostname: string): boolean {
  const name = canonical(hostname);
  return allowed.some((pattern) => {
    const of = canonical(pattern);
    return of.startsWith('*.') ? name === of || name.endsWith(of.slice(1)) : name === of;
  });
}

/**
 * Whether two clusters must not both have these. A wildcard counts for all names below it, as some controllers take it,
 * and the catch-all only for itself, as it leaves all names to whoever claims them.
 */
export function overlaps(a: string, b: string): boolean {
  if (a === b) return true;
  return isBelow(a, b) || isBelow(b, a);
}

/** Every wildcard that {@link overlaps} a host name without one. */
export function wildcardsAbove(hostname: string): readonly string[] {
  const parts = hostname.split('.');
  return parts.slice(1).map((_, index) => `*.${parts.slice(index + 1).join('.')}`);
}

/** A host name in the form in which it is compared and claimed. */
export function canonical(hostname: string): string {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return name === '' ? CATCH_ALL : name;
}

function isBelow(name: string, wildcard: string): boolean {
  return wildcard.startsWith('*.') && name !== CATCH_ALL && name.endsWith(wildcard.slice(1));
}

function problemOf(
  { hostname, shared }: Named,
  { allowed, catchAll }: HostnameRules,
): { readonly rule: string; readonly text: string } | undefined {
  if (canonical(hostname) === CATCH_ALL) {
    if (catchAll || (allowed === undefined && !shared)) return undefined;
    const rule = 'hostnames.catchAll';
    return { rule, text: 'a host name must stand here, as what nobody else claims is not to be had' };
  }
  const rule = 'hostnames.allowed';
  if (allowed !== undefined) {
    return isAllowedHostname(allowed, hostname)
      ? undefined
      : { rule, text: `the host name ${quoted(hostname)} is not one of this cluster` };
  }
  return shared && /[*?]/.test(hostname)
    ? { rule, text: `the wildcard ${quoted(hostname)} is not one of this cluster` }
    : undefined;
}

function refused(reason: string, rule: string, field: string, problem: string): HostnameCheck {
  return { kind: 'refused', reason, field, message: denial(rule, field, problem) };
}
