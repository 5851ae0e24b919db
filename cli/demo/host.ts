import { buildSyncerImage, hostDown, hostStatus, hostUp, loadImage } from '../../host';
import { showHostSteps } from '../commands/host-steps';
import { openSession, type Session } from '../session';
import { during } from '../terminal/progress';

/** The host cluster that the demo runs on. */
export interface DemoHost {
  /** A session on it. */
  readonly session: Session;
  /** How to reach it again: options for `sublet` and `kubectl`. */
  readonly kubeconfig: string | undefined;
  /** Removes it, where the demo made it. */
  readonly remove: ((session: Session) => Promise<void>) | undefined;
}

/** The user's host where one is named by `--context` or `--kubeconfig`, else an embedded one, which is booted if need be. */
export async function prepareHost(session: Session, name: string): Promise<DemoHost> {
  const { context, kubeconfig } = session.globals;
  if (context !== undefined || kubeconfig !== undefined) return { session, kubeconfig, remove: undefined };
  const { state } = await hostStatus({ name });
  const handle = await hostUp({ name, onStep: showHostSteps(session.progress), signal: session.signal });
  return {
    session: openSession(session, { ...session.globals, kubeconfig: handle.kubeconfig }),
    kubeconfig: handle.kubeconfig,
    remove: state === 'absent' ? (last) => hostDown({ name, onStep: showHostSteps(last.progress) }) : undefined,
  };
}

/** Builds the image of the syncer from this package and loads it into an embedded host: no registry is needed. */
export async function provideSyncerImage(session: Session, name: string): Promise<void> {
  await during(session.progress, 'Building the image of the syncer', async (step) => {
    const image = await buildSyncerImage({ signal: session.signal });
    step.update('loading it into the host');
    await loadImage({ name, file: image, signal: session.signal });
    step.done('Built the image of the syncer and loaded it');
  });
}
