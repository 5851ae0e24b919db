import { ANNOTATIONS } from '../../lib/contract';
import { mergePatch } from '../engine/diff';
import type { Change } from '../engine/types';
import { resizeChange } from './resize';
import { isSame } from './same';
import { isOwnGate } from './scheduling-gates';
import type { Container, Pod, PodSpec } from './types';

/**
 * The writes that bring a host pod to what its virtual pod has become, in the order in which they must be made.
 *
 * What the host's own admission has changed (images of a mirror, injected containers, tolerations, defaults) stays:
 * a field of `spec` is compared only after the virtual `metadata.generation` has moved on. The generation is written
 * last, so that a write that fails is made again.
 */
export function podChanges(desired: Pod, current: Pod): readonly Change[] {
  const hasMoved = !isSameGeneration(desired, current);
  return [
    ephemeralContainersChange(desired, current),
    hasMoved ? resizeChange(desired, current) : undefined,
    mainChange(desired, current, hasMoved),
  ].filter((change) => change !== undefined);
}

/** Without generations (old API servers) nothing tells, and the fields themselves are compared. */
function isSameGeneration(desired: Pod, current: Pod): boolean {
  const wanted = desired.metadata.annotations?.[ANNOTATIONS.generation];
  return wanted !== undefined && wanted === current.metadata.annotations?.[ANNOTATIONS.generation];
}

/** Containers for debugging are only ever added. */
function ephemeralContainersChange(desired: Pod, current: Pod): Change | undefined {
  const existing = new Set(current.spec.ephemeralContainers?.map(({ name }) => name));
  const added = desired.spec.ephemeralContainers?.filter(({ name }) => !existing.has(name)) ?? [];
  if (added.length === 0) return undefined;
  return { ...strategic({ spec: { ephemeralContainers: added } }), subresource: 'ephemeralcontainers' };
}

function mainChange(desired: Pod, current: Pod, hasMoved: boolean): Change | undefined {
  const spec = hasMoved ? specPatch(desired.spec, current.spec) : {};
  const metadata = mergePatch(desired, current, []);
  const patch = { ...metadata, ...(Object.keys(spec).length > 0 && { spec }) };
  return Object.keys(patch).length > 0 ? strategic(patch) : undefined;
}

/** The fields that an API server lets change on an existing pod. */
function specPatch(desired: PodSpec, current: PodSpec): object {
  const containers = changedImages(desired.containers, current.containers);
  const initContainers = changedImages(desired.initContainers, current.initContainers);
  const tolerations = mergedTolerations(desired, current);
  const openedGates = gatesToOpen(desired, current);
  const { activeDeadlineSeconds } = desired;
  const hasDeadline = activeDeadlineSeconds !== undefined && activeDeadlineSeconds !== current.activeDeadlineSeconds;
  return {
    ...(containers.length > 0 && { containers }),
    ...(initContainers.length > 0 && { initContainers }),
    ...(tolerations && { tolerations }),
    ...(hasDeadline && { activeDeadlineSeconds }),
    ...(current.schedulingGates?.length ? gatedPatch(desired, current) : {}),
    ...(openedGates.length > 0 && { schedulingGates: openedGates }),
  };
}

function changedImages(desired: readonly Container[] = [], current: readonly Container[] = []): object[] {
  return desired.flatMap(({ name, image }) => {
    const existing = current.find((container) => container.name === name);
    return existing === undefined || existing.image === image ? [] : [{ name, image }];
  });
}

/** All tolerations that are there, with what the tenant has added or given another duration. None can be taken away. */
function mergedTolerations(desired: PodSpec, current: PodSpec): PodSpec['tolerations'] {
  const existing = current.tolerations ?? [];
  const wanted = desired.tolerations ?? [];
  const kept = existing.map((toleration) => wanted.find((other) => tolerates(other, toleration)) ?? toleration);
  const added = wanted.filter((toleration) => !existing.some((other) => tolerates(other, toleration)));
  const merged = [...kept, ...added];
  return isSame(merged, existing) ? undefined : merged;
}

type Toleration = NonNullable<PodSpec['tolerations']>[number];

function tolerates(a: Toleration, b: Toleration): boolean {
  return (
    a.key === b.key &&
    (a.operator ?? 'Equal') === (b.operator ?? 'Equal') &&
    a.value === b.value &&
    a.effect === b.effect
  );
}

/** A pod behind a gate may still be narrowed to fewer nodes. */
function gatedPatch(desired: PodSpec, current: PodSpec): object {
  const { nodeSelector } = desired;
  const required = desired.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const before = current.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const narrowed = Object.entries(nodeSelector ?? {}).filter(([key, value]) => current.nodeSelector?.[key] !== value);
  return {
    ...(narrowed.length > 0 && { nodeSelector: Object.fromEntries(narrowed) }),
    ...(required &&
      !isSame(required, before) && {
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
      }),
  };
}

function gatesToOpen(desired: PodSpec, current: PodSpec): object[] {
  const closed = new Set(desired.schedulingGates?.map(({ name }) => name));
  const open = (current.schedulingGates ?? []).filter(({ name }) => isOwnGate(name) && !closed.has(name));
  return open.map(({ name }) => ({ name, $patch: 'delete' }));
}

function strategic(patch: object): Extract<Change, { readonly kind: 'patch' }> {
  return { kind: 'patch', patch, type: 'application/strategic-merge-patch+json' };
}
