import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KubectlTarget, kubectlTarget } from '../cluster';
import { sharedHost } from '../shared-host';
import { type PulumiEngine, startEngine } from './engine';
import { type Reach, reachCluster } from './reach';

/** How long the first test may wait for what all of them need: Pulumi may have to be built. */
export const START_TIMEOUT_MS = 3_600_000;

/** Pulumi's engine, and the shared host that its programs deploy to. */
export interface PulumiSession extends AsyncDisposable {
  readonly host: KubectlTarget;
  readonly engine: PulumiEngine;
  /** The cluster that a kubeconfig leads to, such as a stack's output. */
  inside(kubeconfig: string): Promise<KubectlTarget>;
  /** A port of this machine that leads to a virtual cluster of the host. */
  reach(name: string): Promise<Reach>;
}

/**
 * Starts what every test of a Pulumi program needs.
 * @param kubeconfig of programs that name none. @default - the host's
 */
export async function startSession(kubeconfig?: string): Promise<PulumiSession> {
  const host = kubectlTarget((await sharedHost()).kubeconfig);
  const engine = await startEngine(kubeconfig ?? host.kubeconfig);
  return {
    host,
    engine,
    inside: async (text) => {
      const file = join(await mkdtemp(join(engine.home, 'inside-')), 'kubeconfig');
      await writeFile(file, text, { mode: 0o600 });
      return kubectlTarget(file);
    },
    reach: (name) => reachCluster(host.kubeconfig, name),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
