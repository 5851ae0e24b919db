import { contextName, SubletError } from '../../lib/contract';
import { entryFromSecret, type KubeconfigEntry } from '../kubeconfig/entry';
import type { Session } from '../session';
import { dialControlPlane } from '../tunnel/forward';
import { startForwarder } from '../tunnel/forwarder';
import { ensureTunnel, findTunnel, type RunningTunnel } from '../tunnel/start';
import { tunnelDirectory } from '../tunnel/state';
import { readKubeconfigSecret } from './wait';

/** The virtual cluster that is reached. */
export interface AccessTarget {
  readonly name: string;
  readonly namespace: string;
}

/** How a virtual cluster's API server is reached. */
export interface Access {
  readonly entry: KubeconfigEntry;
  /** Ends what was opened for this run only. */
  close(): Promise<void>;
}

/** Reached under an address that the user names. */
export async function accessByServer(session: Session, target: AccessTarget, server: string): Promise<Access> {
  return { entry: await entryFor(session, target, server), close: async () => {} };
}

/** Reached by a port-forward in a background process that outlives this run. */
export async function accessByTunnel(
  session: Session,
  target: AccessTarget,
  port?: number,
): Promise<Access & { readonly tunnel: RunningTunnel }> {
  const tunnel = await ensureTunnel({
    directory: tunnelDirectory(session.env),
    target: tunnelTarget(session, target),
    command: tunnelCommand(session, target, port),
    env: session.env,
  });
  return { ...(await accessByServer(session, target, localServer(tunnel.port))), tunnel };
}

/** Reached by a port-forward in this process, or by the background one where it runs already. */
export async function accessForRun(session: Session, target: AccessTarget): Promise<Access> {
  const running = await findTunnel(tunnelDirectory(session.env), tunnelTarget(session, target));
  if (running !== undefined) return accessByServer(session, target, localServer(running));
  const api = session.api();
  const forwarder = await startForwarder({
    dial: (signal) => dialControlPlane({ api, ...target }, signal),
    onError: (text) => session.progress.detail(`connection failed: ${text}`),
  });
  try {
    const { entry } = await accessByServer(session, target, localServer(forwarder.port));
    return { entry, close: () => forwarder.close() };
  } catch (error) {
    await forwarder.close();
    throw error;
  }
}

function localServer(port: number): string {
  return `https://127.0.0.1:${port}`;
}

function tunnelTarget(session: Session, { name, namespace }: AccessTarget) {
  return { cluster: name, namespace, hostServer: session.api().server };
}

function tunnelCommand(session: Session, { name, namespace }: AccessTarget, port: number | undefined) {
  const { kubeconfig } = session.globals;
  const [program, ...args] = session.selfCommand;
  return [
    program,
    ...args,
    'tunnel',
    name,
    ...['--namespace', namespace],
    ...['--context', session.hostContext().name],
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(port === undefined ? [] : ['--port', String(port)]),
  ] as const;
}

async function entryFor(session: Session, { name, namespace }: AccessTarget, server: string): Promise<KubeconfigEntry> {
  const text = await readKubeconfigSecret(session.api(), name, namespace, session.signal);
  if (text === undefined) {
    throw new SubletError('NOT_READY', `"${name}" has no kubeconfig yet`, {
      hint: `see what it waits for: sublet status ${name} -n ${namespace}`,
    });
  }
  const hostContext = session.hostContext().name;
  const memory = { hostContext, cluster: name, namespace };
  return entryFromSecret(contextName(name, namespace, hostContext), text, server, memory);
}
