import { pick } from '../engine/pick';
import type { Container, ContainerStatus, Pod } from './types';
import { virtualText } from './wording';

/**
 * Statuses of a kind of container that the tenant sees: of its own containers, and of its own volumes in them.
 *
 * @param minor of the virtual API server's version: what it would drop is left out, or it would be written for ever
 */
export function virtualStatuses(
  statuses: readonly ContainerStatus[] | undefined,
  containers: readonly Pick<Container, 'name'>[] | undefined,
  host: Pod,
  virtual: Pod,
  minor: number,
): readonly ContainerStatus[] | undefined {
  const names = new Set(containers?.map(({ name }) => name));
  const own = statuses?.filter(({ name }) => names.has(name)) ?? [];
  return own.length > 0 ? own.map((status) => virtualStatus(status, host, virtual, minor)) : undefined;
}

/** A status, with the fields since 1.31. */
type Status = ContainerStatus & {
  readonly volumeMounts?: readonly Mount[];
  readonly allocatedResourcesStatus?: readonly object[];
  readonly user?: object;
};

interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly recursiveReadOnly?: string;
}

/** What every version that can be chosen keeps. `stopSignal` and `volumeStatus` no version keeps by default. */
const PLAIN = ['containerID', 'started', 'resources', 'allocatedResources', 'user'] as const;
const MOUNT = ['readOnly', 'recursiveReadOnly'] as const;

/** From here on the health of a container's devices is kept (gate `ResourceHealthStatus`). */
const DEVICE_HEALTH_SINCE = 36;

type State = NonNullable<ContainerStatus['state']>;

function virtualStatus(status: Status, host: Pod, virtual: Pod, minor: number): Status {
  const { name, image, imageID, ready, restartCount } = status;
  const { state, lastState, volumeMounts, allocatedResourcesStatus } = status;
  const volumes = new Set(virtual.spec.volumes?.map(({ name }) => name));
  const mounts =
    volumeMounts
      ?.filter(({ name }) => volumes.has(name))
      .map((mount) => ({ name: mount.name, mountPath: mount.mountPath, ...pick(mount, MOUNT) })) ?? [];
  return {
    name,
    image,
    imageID,
    ready,
    restartCount,
    ...pick(status, PLAIN),
    ...(minor >= DEVICE_HEALTH_SINCE && allocatedResourcesStatus && { allocatedResourcesStatus }),
    ...(state && { state: virtualState(state, host, virtual) }),
    ...(lastState && { lastState: virtualState(lastState, host, virtual) }),
    ...(mounts.length > 0 && { volumeMounts: mounts }),
  };
}

/** A waiting container's message speaks of objects; what a terminated one left as message is the tenant's own text. */
function virtualState({ waiting, ...state }: State, host: Pod, virtual: Pod): State {
  if (!waiting) return state;
  const { message } = waiting;
  return { waiting: { ...waiting, ...(message && { message: virtualText(message, host, virtual) }) } };
}
