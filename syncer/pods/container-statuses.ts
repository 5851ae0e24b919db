import type { Container, ContainerStatus, Pod } from './types';
import { virtualText } from './wording';

/** Statuses of a kind of container that the tenant sees: of its own containers, and of its own volumes in them. */
export function virtualStatuses(
  statuses: readonly ContainerStatus[] | undefined,
  containers: readonly Pick<Container, 'name'>[] | undefined,
  host: Pod,
  virtual: Pod,
): readonly ContainerStatus[] | undefined {
  const names = new Set(containers?.map(({ name }) => name));
  const own = statuses?.filter(({ name }) => names.has(name)) ?? [];
  return own.length > 0 ? own.map((status) => virtualStatus(status, host, virtual)) : undefined;
}

/** A status, with the fields since 1.31. */
type Status = ContainerStatus & { readonly volumeMounts?: readonly { readonly name: string }[] };

type State = NonNullable<ContainerStatus['state']>;

function virtualStatus(status: Status, host: Pod, virtual: Pod): Status {
  const { state, lastState, volumeMounts, ...rest } = status;
  const volumes = new Set(virtual.spec.volumes?.map(({ name }) => name));
  const mounts = volumeMounts?.filter(({ name }) => volumes.has(name)) ?? [];
  return {
    ...rest,
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
