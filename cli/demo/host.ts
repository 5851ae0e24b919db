import { type HostHandle, hostDown, hostStatus, hostUp } from '../../host';
import { SubletError } from '../../lib/contract';
import type { ControlPlane } from '../cluster/find';
import { showHostSteps } from '../commands/host-steps';
import type { KubeObject } from '../kube/types';
import { openSession, type Session } from '../session';

/** The host cluster that the demo runs on. */
export interface DemoHost {
  /** A session on it. */
  readonly session: Session;
  /** The embedded host, or `undefined` for the user's own. */
  readonly handle: HostHandle | undefined;
  /** Removes it, where the demo made it. */
  readonly remove: ((session: Session) => Promise<void>) | undefined;
}

/** The user's host where one is named by `--context` or `--kubeconfig`, else an embedded one, which is booted if need be. */
export async function prepareHost(session: Session, name: string): Promise<DemoHost> {
  const { context, kubeconfig } = session.globals;
  if (context !== undefined || kubeconfig !== undefined) return { session, handle: undefined, remove: undefined };
  const { state } = await hostStatus({ name });
  const remove = (last: Session): Promise<void> => hostDown({ name, onStep: showHostSteps(last.progress) });
  const made = state === 'absent' ? remove : undefined;
  try {
    const handle = await hostUp({ name, onStep: showHostSteps(session.progress), signal: session.signal });
    const onHost = openSession(session, { ...session.globals, kubeconfig: handle.kubeconfig });
    return { session: onHost, handle, remove: made };
  } catch (error) {
    session.progress.close();
    await made?.(session);
    throw error;
  }
}

/** The image of the syncer that a declared control plane wants. */
export function syncerImageOf(objects: readonly KubeObject[]): string {
  const controlPlane: ControlPlane | undefined = objects.find((object) => object.kind === 'StatefulSet');
  const containers = controlPlane?.spec?.template?.spec?.containers ?? [];
  const image = containers.find((container) => container.name === 'syncer')?.image;
  if (image !== undefined) return image;
  throw new SubletError('SPEC_INVALID', 'the declared control plane has no syncer');
}
