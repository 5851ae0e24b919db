import { type ContainerLimits, formatQuantity, type IsolationSection, parseQuantity } from '../../../lib/contract';
import type { Translation } from '../../engine/types';
import { HOSTS_HELPER } from '../../pods/hosts';
import type { Container, Pod, PodSpec, Refusal } from '../../pods/types';

type Resources = NonNullable<Container['resources']>;

/**
 * A translated pod as it is to be created under the declared limits of containers: with the defaults filled in, or
 * refused. Kubernetes' own LimitRanger does the same, but can't tell the tenant's pods from the control plane's.
 */
export function limitedPod(translation: Translation<Pod>, isolation: IsolationSection): Translation<Pod> {
  if (isolation.level === 'off' || translation.kind !== 'object') return translation;
  const object = withContainerLimits(translation.object, isolation.limits);
  const refusal = refusedByLimits(object.spec, isolation.limits);
  return refusal === undefined
    ? { ...translation, object }
    : { kind: 'refused', reason: 'FieldNotAllowed', ...refusal };
}

/** A pod whose containers name the limits and requests that they get where they name none. */
export function withContainerLimits(pod: Pod, limits: ContainerLimits): Pod {
  if (Object.values(limits).every((amounts) => Object.keys(amounts).length === 0)) return pod;
  const fill = <C extends Container>(container: C): C => {
    const own = container.name === HOSTS_HELPER ? inBounds(container.resources, limits) : container.resources;
    const resources = filled(own, pod.spec.resources, limits);
    return resources === undefined ? container : { ...container, resources };
  };
  const { containers, initContainers } = pod.spec;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: containers.map(fill),
      ...(initContainers && { initContainers: initContainers.map(fill) }),
    },
  };
}

/** Why a pod may not be as it is under the declared limits of containers, undefined if it may. */
export function refusedByLimits(
  spec: Pick<PodSpec, 'containers' | 'initContainers'>,
  { max, min }: ContainerLimits,
): Refusal | undefined {
  for (const list of ['containers', 'initContainers'] as const) {
    for (const [index, { name, resources = {} }] of (spec[list] ?? []).entries()) {
      if (name === HOSTS_HELPER) continue;
      const { limits = {}, requests = {} } = resources;
      const at = (side: string, resource: string): string => `spec.${list}[${index}].resources.${side}.${resource}`;
      for (const [resource, most] of Object.entries(max)) {
        const [side, asked] =
          limits[resource] === undefined ? ['requests', requests[resource]] : ['limits', limits[resource]];
        if (asked === undefined || amount(asked) <= amount(most)) continue;
        return refusal(at(side, resource), `is ${asked}, and limits.max.${resource} of the IsolationPolicy ${most}`);
      }
      for (const [resource, least] of Object.entries(min)) {
        const asked = requests[resource] ?? limits[resource];
        if (asked === undefined || amount(asked) >= amount(least)) continue;
        return refusal(
          at('requests', resource),
          `is ${asked}, and limits.min.${resource} of the IsolationPolicy ${least}`,
        );
      }
    }
  }
  return undefined;
}

function refusal(field: string, message: string): Refusal {
  return { field, message: `${field}: ${message}` };
}

/** What is said of the pod as a whole is shared out by the kubelet, and no default of a container may go beyond it. */
function filled(
  own: Resources | undefined,
  ofPod: Resources | undefined,
  { default: limits, defaultRequest: requests }: ContainerLimits,
): Resources | undefined {
  const has = own ?? {};
  const added: { limits: Amounts; requests: Amounts } = { limits: {}, requests: {} };
  for (const [resource, fallback] of Object.entries(limits)) {
    if (has.limits?.[resource] !== undefined || ofPod?.limits?.[resource] !== undefined) continue;
    const request = has.requests?.[resource];
    added.limits[resource] = request !== undefined && amount(request) > amount(fallback) ? request : written(fallback);
  }
  for (const [resource, fallback] of Object.entries(requests)) {
    if (has.requests?.[resource] !== undefined || ofPod?.requests?.[resource] !== undefined) continue;
    const limit = has.limits?.[resource] ?? added.limits[resource];
    added.requests[resource] = limit !== undefined && amount(limit) < amount(fallback) ? limit : written(fallback);
  }
  if (Object.keys(added.limits).length + Object.keys(added.requests).length === 0) return own;
  return {
    ...has,
    ...(has.limits || Object.keys(added.limits).length > 0 ? { limits: { ...has.limits, ...added.limits } } : {}),
    ...(has.requests || Object.keys(added.requests).length > 0
      ? { requests: { ...has.requests, ...added.requests } }
      : {}),
  };
}

/** Our own helper keeps to the bounds by itself: it is none of the tenant's business. */
function inBounds(own: Resources | undefined, { max, min }: ContainerLimits): Resources | undefined {
  if (own === undefined) return undefined;
  const bounded = (amounts: Amounts = {}): Amounts =>
    Object.fromEntries(
      Object.entries(amounts).map(([resource, asked]) => {
        const [least, most] = [min[resource], max[resource]];
        if (least !== undefined && amount(asked) < amount(least)) return [resource, written(least)];
        return [resource, most !== undefined && amount(asked) > amount(most) ? written(most) : asked];
      }),
    );
  return {
    ...own,
    ...(own.limits && { limits: bounded(own.limits) }),
    ...(own.requests && { requests: bounded(own.requests) }),
  };
}

type Amounts = { [resource: string]: string };

const amount = (text: string): bigint => parseQuantity(text) ?? 0n;

/** As an API server gives it back, so that a later look finds nothing to change. */
const written = (text: string): string => formatQuantity(amount(text), text);
