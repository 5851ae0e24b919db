import { type Amounts, addAmounts, NANO, podAmounts } from '../../lib/contract';
import type { PodSpec } from '../pods/types';

export type { Amounts } from '../../lib/contract';

/** What a pod takes of its node. */
export function podRequests(spec: Pick<PodSpec, 'containers' | 'initContainers' | 'overhead' | 'resources'>): Amounts {
  return podAmounts(spec, 'requests');
}

/** The sum of several pods' requests, each pod counted as one of `pods`. */
export function sumOfRequests(specs: readonly Parameters<typeof podRequests>[0][]): Amounts {
  const total = new Map<string, bigint>();
  for (const spec of specs) addAmounts(total, podRequests(spec));
  if (specs.length > 0) total.set('pods', BigInt(specs.length) * NANO);
  return total;
}
