import type { ResourceRequirements } from 'kubernetes-types/core/v1';
import type { Change } from '../engine/types';
import type { Container, Pod } from './types';

/** What can be changed while containers run. */
const RESIZABLE = ['cpu', 'memory'] as const;

/**
 * The write to `pods/resize` that gives a host pod, and its containers, the CPU and memory that the tenant now asks
 * for. Amounts that only the host's pod has come from its own limits and stay.
 */
export function resizeChange(desired: Pod, current: Pod): Change | undefined {
  const containers = resizedContainers(desired.spec.containers, current.spec.containers);
  const initContainers = resizedContainers(desired.spec.initContainers, current.spec.initContainers);
  const resources = resizedAmounts(desired.spec.resources, current.spec.resources);
  const spec = {
    ...(containers.length > 0 && { containers }),
    ...(initContainers.length > 0 && { initContainers }),
    ...(resources && { resources }),
  };
  if (Object.keys(spec).length === 0) return undefined;
  return { kind: 'patch', patch: { spec }, type: 'application/strategic-merge-patch+json', subresource: 'resize' };
}

function resizedContainers(desired: readonly Container[] = [], current: readonly Container[] = []): object[] {
  return desired.flatMap(({ name, resources }) => {
    const existing = current.find((container) => container.name === name);
    const resized = existing && resizedAmounts(resources, existing.resources);
    return resized === undefined ? [] : [{ name, resources: resized }];
  });
}

function resizedAmounts(desired: ResourceRequirements = {}, current: ResourceRequirements = {}): object | undefined {
  const limits = changedAmounts(desired.limits, current.limits);
  const requests = changedAmounts(desired.requests, current.requests);
  const resized = { ...(limits && { limits }), ...(requests && { requests }) };
  return Object.keys(resized).length > 0 ? resized : undefined;
}

type Amounts = NonNullable<ResourceRequirements['limits']>;

/** Both sides' API servers write amounts in their canonical form, so that equal ones are equal text. */
function changedAmounts(desired: Amounts = {}, current: Amounts = {}): object | undefined {
  const changed = RESIZABLE.filter((name) => desired[name] !== undefined && desired[name] !== current[name]);
  return changed.length > 0 ? Object.fromEntries(changed.map((name) => [name, desired[name]])) : undefined;
}
