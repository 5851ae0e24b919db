import type { QuotaRules } from '../../../lib/contract';
import { type Amounts, formatQuantity } from '../../../lib/contract';

/** One resource of which too little is left. */
export interface Shortfall {
  readonly resource: string;
  /** What the object asks for, in addition to what it has. In billionths, as the others. */
  readonly asked: bigint;
  readonly used: bigint;
  readonly hard: bigint;
}

/** What a tenant is told about an object that does not fit. */
export function shortOf(shortfalls: readonly Shortfall[], { hard }: QuotaRules): string {
  const parts = shortfalls.map(({ resource, asked, used, hard: most }) => {
    const text = (amount: bigint): string => formatQuantity(amount, hard[resource] ?? '');
    return `${fieldOf(resource)}: asks for ${text(asked)}, used ${text(used)} of ${text(most)}`;
  });
  const never = shortfalls.some(({ asked, hard: most }) => asked > most);
  const when = never ? 'it never fits' : 'it is tried again when something is freed';
  return `the IsolationPolicy of this cluster has no room for it (${parts.join('; ')}); ${when}`;
}

/** The field of an IsolationPolicy that says how much there may be of a resource. */
export function fieldOf(resource: string): string {
  const [head = '', ...rest] = resource.split('.');
  if (resource.startsWith('count/')) return `quota.objects.${resource.slice('count/'.length)}`;
  if (head !== 'requests' && head !== 'limits') return `quota.counts.${resource}`;
  return resource.includes('/') ? `quota.devices.${rest.join('.')}` : `quota.${resource}`;
}

/** Amounts as tenants read them, in the form in which the limit of each is given. */
export function shownAmounts(amounts: Amounts, { hard }: QuotaRules): { readonly [resource: string]: string } {
  return Object.fromEntries(
    Object.entries(hard).map(([resource, like]) => [resource, formatQuantity(amounts.get(resource) ?? 0n, like)]),
  );
}
