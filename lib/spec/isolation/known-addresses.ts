import type * as z from 'zod';
import type { IssueParams } from '../fields';
import { isMarker } from '../markers';

/** What of a declaration is looked at. */
export interface Networked {
  readonly dns?: unknown;
  readonly sync?: unknown;
  readonly isolation?:
    | { readonly network?: { readonly enforce?: boolean | undefined } | undefined }
    | { readonly level: 'off' }
    | undefined;
}

/** Whom the DNS asks, which the host's network policies let it reach, and by which labels they find its pods. */
const DECISIVE: readonly (readonly [string, ...string[]])[] = [
  ['dns', 'upstream'],
  ['sync', 'labels', 'preserve'],
  ['sync', 'labels', 'hostOwned'],
];

/** Ranges and selectors of the host's network policies follow from these options, so they must be known beforehand. */
export function checkKnownAddresses(declaration: Networked, context: z.RefinementCtx): void {
  if (!keepsIn(declaration)) return;
  for (const place of DECISIVE) {
    const list = place.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), declaration);
    const items: readonly unknown[] = Array.isArray(list) ? list : [list];
    for (const [index, input] of items.entries()) {
      if (!isMarker(input)) continue;
      const params: IssueParams = { hint: 'isolation.network.enforce: false leaves the network to others' };
      const path = Array.isArray(list) ? [...place, index] : [...place];
      context.addIssue({
        code: 'custom',
        path,
        input,
        message: 'must be known, as network policies depend on it',
        params,
      });
    }
  }
}

/** Whether network policies of the host keep the virtual cluster's pods in. */
export function keepsIn({ isolation = {} }: Networked): boolean {
  const isOff = 'level' in isolation && isolation.level === 'off';
  return !isOff && !('network' in isolation && isolation.network?.enforce === false);
}

/** Whether the host's network policies depend on an option. */
export function decidesNetwork(path: readonly PropertyKey[]): boolean {
  return DECISIVE.some((place) => place.every((key, index) => path[index] === key));
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
