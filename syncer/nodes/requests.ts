import { parseQuantity } from '../../lib/contract/quantity';
import type { PodSpec } from '../pods/types';

/** Amounts by resource, in billionths. */
export type Amounts = ReadonlyMap<string, bigint>;

/**
 * What a pod takes of its node: the larger of what its containers request together and of what its init containers
 * need one after the other, and its overhead. Source: Kubernetes' `resourcehelper.PodRequests`.
 */
export function podRequests(spec: Pick<PodSpec, 'containers' | 'initContainers' | 'overhead' | 'resources'>): Amounts {
  const total = new Map<string, bigint>();
  for (const { resources } of spec.containers) add(total, amountsOf(resources?.requests));
  const sidecars = new Map<string, bigint>();
  const starting = new Map<string, bigint>();
  for (const container of spec.initContainers ?? []) {
    const own = amountsOf(container.resources?.requests);
    if ('restartPolicy' in container && container.restartPolicy === 'Always') {
      add(total, own);
      add(sidecars, own);
      raise(starting, sidecars);
    } else {
      const peak = new Map(sidecars);
      add(peak, own);
      raise(starting, peak);
    }
  }
  raise(total, starting);
  for (const [resource, amount] of amountsOf(spec.resources?.requests)) total.set(resource, amount);
  add(total, amountsOf(spec.overhead));
  return total;
}

/** The sum of several pods' requests, each pod counted as one of `pods`. */
export function sumOfRequests(specs: readonly Parameters<typeof podRequests>[0][]): Amounts {
  const total = new Map<string, bigint>();
  for (const spec of specs) add(total, podRequests(spec));
  if (specs.length > 0) total.set('pods', BigInt(specs.length) * ONE);
  return total;
}

const ONE = 1_000_000_000n;

function amountsOf(requests: { readonly [resource: string]: string | number } = {}): Amounts {
  return new Map(Object.entries(requests).map(([resource, text]) => [resource, parseQuantity(String(text)) ?? 0n]));
}

function add(to: Map<string, bigint>, amounts: Amounts): void {
  for (const [resource, amount] of amounts) to.set(resource, (to.get(resource) ?? 0n) + amount);
}

function raise(to: Map<string, bigint>, amounts: Amounts): void {
  for (const [resource, amount] of amounts) if (amount > (to.get(resource) ?? 0n)) to.set(resource, amount);
}
