import { parseQuantity } from './quantity';

/** Amounts by resource, in billionths. */
export type Amounts = ReadonlyMap<string, bigint>;

/** Requests and limits as Kubernetes writes them. */
interface Sizes {
  /** What the scheduler reserves. */
  readonly requests?: { readonly [resource: string]: string | number };
  /** What may be used at most. */
  readonly limits?: { readonly [resource: string]: string | number };
}

/** The part of a pod's `spec` that decides how much it takes. */
export interface SizedPodSpec {
  /** What runs together. */
  readonly containers: readonly { readonly resources?: Sizes }[];
  /** What runs before, one after the other; sidecars go on. */
  readonly initContainers?: readonly { readonly resources?: Sizes; readonly restartPolicy?: string }[];
  /** What the sandbox takes beside them. */
  readonly overhead?: { readonly [resource: string]: string | number };
  /** Of the pod as a whole: it counts in place of what its containers say. */
  readonly resources?: Sizes;
}

/**
 * What a pod requests, or may use at most: the larger of what its containers come to together and of what its init
 * containers need one after the other, and its overhead. Source: Kubernetes' `resourcehelper.PodRequests` and
 * `PodLimits`.
 */
export function podAmounts(spec: SizedPodSpec, side: 'requests' | 'limits'): Amounts {
  const total = new Map<string, bigint>();
  for (const { resources } of spec.containers) addAmounts(total, amountsOf(resources?.[side]));
  const sidecars = new Map<string, bigint>();
  const starting = new Map<string, bigint>();
  for (const container of spec.initContainers ?? []) {
    const own = amountsOf(container.resources?.[side]);
    if (container.restartPolicy === 'Always') {
      addAmounts(total, own);
      addAmounts(sidecars, own);
      raise(starting, sidecars);
    } else {
      const peak = new Map(sidecars);
      addAmounts(peak, own);
      raise(starting, peak);
    }
  }
  raise(total, starting);
  for (const [resource, amount] of amountsOf(spec.resources?.[side])) total.set(resource, amount);
  for (const [resource, amount] of amountsOf(spec.overhead)) {
    // Without a limit there is none for the overhead either.
    if (side === 'limits' && !total.has(resource)) continue;
    total.set(resource, (total.get(resource) ?? 0n) + amount);
  }
  return total;
}

/** Amounts as Kubernetes writes them, as numbers. What is no amount counts as none. */
export function amountsOf(texts: { readonly [resource: string]: string | number } = {}): Amounts {
  return new Map(Object.entries(texts).map(([resource, text]) => [resource, parseQuantity(String(text)) ?? 0n]));
}

/** Adds amounts to others, in place. */
export function addAmounts(to: Map<string, bigint>, amounts: Amounts): void {
  for (const [resource, amount] of amounts) to.set(resource, (to.get(resource) ?? 0n) + amount);
}

function raise(to: Map<string, bigint>, amounts: Amounts): void {
  for (const [resource, amount] of amounts) if (amount > (to.get(resource) ?? 0n)) to.set(resource, amount);
}
