import type { LimitRange } from 'kubernetes-types/core/v1';
import { clusterNames, parseQuantity } from '../../contract';
import type { ResolvedSpec } from '../../spec';
import { hasMarker } from '../../spec/markers';
import { metadata } from '../metadata';
import type { Slot } from '../slot';
import { controlPlaneContainers, type SizedContainer } from './control-plane-share';

/**
 * The bounds of single containers, as the host's API server enforces them beside the syncer. It would hold the control
 * plane's containers to them too, and give those that name nothing the bound as their own: so it has only bounds that
 * all of these keep by themselves. Defaults are the syncer's to fill in.
 */
export function limitRangeSlots(spec: ResolvedSpec): readonly Slot[] {
  const { isolation } = spec.sections;
  if (isolation.level === 'off' || !spec.createNamespace) return [];
  const containers = controlPlaneContainers(spec);
  const max = kept(isolation.limits.max, containers, ({ limits }, resource) => limits[resource], 'below');
  const min = kept(isolation.limits.min, containers, ({ requests }, resource) => requests[resource], 'above');
  if (max === undefined && min === undefined) return [];
  const object = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: metadata(spec, clusterNames(spec.name).controlPlane),
    spec: { limits: [{ type: 'Container', ...(max && { max }), ...(min && { min }) }] },
  } satisfies LimitRange;
  return [{ slot: 'isolation/limit-range', object }];
}

function kept(
  bounds: { readonly [resource: string]: string },
  containers: readonly SizedContainer[],
  amountIn: (container: SizedContainer, resource: string) => string | undefined,
  side: 'below' | 'above',
): { [resource: string]: string } | undefined {
  const all = Object.entries(bounds).filter(([resource, text]) => {
    const bound = parseQuantity(text) ?? 0n;
    return containers.every((container) => {
      const own = amountIn(container, resource);
      const amount = own === undefined || hasMarker(own) ? undefined : parseQuantity(own);
      return amount !== undefined && (side === 'below' ? amount <= bound : amount >= bound);
    });
  });
  return all.length === 0 ? undefined : Object.fromEntries(all);
}
