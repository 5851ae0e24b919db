import type { EnforcedIsolation } from '../../lib/contract';
import type { ClusterContext } from '../engine/types';

/** What tenants are kept from on the host, undefined where the host's own policies decide alone. */
export function isolationOf({ sections }: Pick<ClusterContext, 'sections'>): EnforcedIsolation | undefined {
  return sections.isolation.level === 'off' ? undefined : sections.isolation;
}

/**
 * What a tenant reads about a field that isolation keeps from the host.
 * @param rule the part of the option `isolation` that decides, such as `services.externalIPs`
 * @param problem begins with a small letter and has no full stop
 */
export function denial(rule: string, field: string, problem: string): string {
  return `Isolation "${rule}": ${field}: ${problem}`;
}

/** A tenant's value as a message repeats it: it may be as long as an object, and an event holds 1024 bytes. */
export function quoted(value: string): string {
  return JSON.stringify(value.length <= LONGEST ? value : `${value.slice(0, LONGEST)}…`);
}

const LONGEST = 80;
