import { ANNOTATIONS } from '../../lib/contract';
import type { Change } from '../engine/types';
import { isSame } from './same';
import type { Pod, PodCondition } from './types';
import { virtualText } from './wording';

/** Conditions that a cluster's own components set. Nobody else's word on them counts, whatever a readiness gate says. */
const SYSTEM_TYPES: ReadonlySet<string> = new Set([
  'AllContainersRestarting',
  'ContainersReady',
  'DisruptionTarget',
  'Initialized',
  'PodReadyToStartContainers',
  'PodResizeInProgress',
  'PodResizePending',
  'PodScheduled',
  'Ready',
]);

/** Conditions that a kubelet takes away when they no longer hold. */
const PASSING_TYPES: ReadonlySet<string> = new Set([
  'AllContainersRestarting',
  'PodResizeInProgress',
  'PodResizePending',
]);

/**
 * The conditions that the host has and the virtual pod lacks or shows otherwise, as elements of a strategic merge
 * patch: each type for itself, so that no write can lose a condition that somebody else has set meanwhile. Types of the
 * tenant's readiness gates are the tenant's and never come from the host.
 */
export function conditionsToVirtual(host: Pod, virtual: Pod, keepsGeneration: boolean): object[] {
  const own = gateTypes(virtual);
  const current = conditionsOf(virtual);
  const changed = [...conditionsOf(host).values()]
    .filter(({ type }) => !own.has(type))
    .flatMap((condition) => {
      const wanted = virtualCondition(condition, host, virtual, current.get(condition.type), keepsGeneration);
      return conditionPatch(wanted, current.get(condition.type));
    });
  const onHost = conditionsOf(host);
  const passed = [...current.keys()].filter((type) => PASSING_TYPES.has(type) && !onHost.has(type) && !own.has(type));
  return [...changed, ...passed.map((type) => ({ type, $patch: 'delete' }))];
}

/**
 * The write that tells the host's kubelet what the tenant says on its readiness gates, each type for itself. Undefined
 * when the host knows already.
 */
export function readinessGatesToHost(virtual: Pod, host: Pod): Change | undefined {
  const said = conditionsOf(virtual);
  const known = conditionsOf(host);
  const conditions = [...gateTypes(virtual)].flatMap((type): object[] => {
    const wanted = said.get(type);
    if (wanted === undefined) return known.has(type) ? [{ type, $patch: 'delete' }] : [];
    return conditionPatch(withoutGeneration(wanted), withoutGeneration(known.get(type)));
  });
  if (conditions.length === 0) return undefined;
  const type = 'application/strategic-merge-patch+json';
  return { kind: 'patch', patch: { status: { conditions } }, type, subresource: 'status' };
}

/** The `metadata.generation` of the virtual pod that the host's kubelet has seen, undefined while it lags behind. */
export function seenGeneration(observed: number | undefined, host: Pod): number | undefined {
  const { generation, annotations = {} } = host.metadata;
  const madeFrom = Number(annotations[ANNOTATIONS.generation]);
  if (observed === undefined || observed !== generation || !Number.isInteger(madeFrom)) return undefined;
  return madeFrom;
}

function gateTypes(v: Pod): ReadonlySet<string> {
  const types = v.spec.readinessGates?.map(({ conditionType }) => conditionType) ?? [];
  return new Set(types.filter((type) => !SYSTEM_TYPES.has(type)));
}

function conditionsOf({ status }: Pod): ReadonlyMap<string, PodCondition> {
  return new Map(status?.conditions?.map((condition) => [condition.type, condition]));
}

function virtualCondition(
  { observedGeneration, message, ...condition }: PodCondition,
  host: Pod,
  virtual: Pod,
  current: PodCondition | undefined,
  keepsGeneration: boolean,
): PodCondition {
  const seen = keepsGeneration
    ? (seenGeneration(observedGeneration, host) ?? current?.observedGeneration)
    : current?.observedGeneration;
  return {
    ...condition,
    ...(message !== undefined && { message: virtualText(message, host, virtual) }),
    ...(seen !== undefined && { observedGeneration: seen }),
  };
}

/** One element of a strategic merge patch: members that the other side no longer has are set to null. */
function conditionPatch(wanted: PodCondition | undefined, current: PodCondition | undefined): object[] {
  if (wanted === undefined || isSame(wanted, current)) return [];
  const lost = Object.keys(current ?? {}).filter((member) => !(member in wanted));
  return [{ ...Object.fromEntries(lost.map((member) => [member, null])), ...wanted }];
}

function withoutGeneration(condition: PodCondition | undefined): PodCondition | undefined {
  if (condition === undefined) return undefined;
  const { observedGeneration: _, ...rest } = condition;
  return rest;
}
