import { setTimeout as sleep } from 'node:timers/promises';
import { SubletError } from '../../lib/contract';
import type { ControlPlane } from '../cluster/find';
import type { Api } from '../kube/api';
import { getObject } from '../kube/objects';
import { RESOURCES } from '../kube/types';
import { serveControl } from './control';
import { dialControlPlane } from './forward';
import { startForwarder } from './forwarder';
import { ensureTunnelDirectory, removeTunnelFiles, tunnelFiles, writeTunnelState } from './state';

/** How often a tunnel looks whether its virtual cluster still exists. */
const CHECK_MS = 15_000;
/** How long the host's API may be away before the tunnel gives up. */
const OUTAGE_MS = 5 * 60_000;

/** What a tunnel process works on. */
export interface ServeOptions {
  readonly api: Api;
  readonly name: string;
  readonly namespace: string;
  readonly directory: string;
  /** Local port. @default a free one */
  readonly port?: number;
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
  /** Told once connections are taken. */
  readonly onReady: (port: number) => void;
  /** Milliseconds between looks at the cluster. @default 15000 */
  readonly checkMs?: number;
}

/**
 * Runs a tunnel until it is told to stop, `signal` aborts, its virtual cluster is gone or replaced, or the host does not
 * answer for five minutes. Leaves no file behind, but its log where it broke.
 * @returns why it ended
 */
export async function serveTunnel(options: ServeOptions): Promise<string> {
  const { api, name, namespace, log } = options;
  const target = { cluster: name, namespace, hostServer: api.server };
  const files = tunnelFiles(options.directory, target);
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  await ensureTunnelDirectory(options.directory);
  let port = 0;
  let reason: string | undefined;
  const control = await serveControl(
    files.socket,
    () => ({ pid: process.pid, port }),
    () => stopping.abort(),
  );
  try {
    const forwarder = await startForwarder({
      dial: (connection) => dialControlPlane({ api, name, namespace }, connection),
      onError: (text) => log(`connection failed: ${text}`),
      ...(options.port !== undefined && { port: options.port }),
    });
    port = forwarder.port;
    try {
      const startedAt = new Date().toISOString();
      const state = { version: 1, ...target, hostContext: api.contextName, pid: process.pid, port, startedAt } as const;
      await writeTunnelState(files.state, { ...state, log: files.log });
      options.onReady(port);
      log(`127.0.0.1:${port} leads to ${namespace}/${name} on ${api.server}`);
      reason = await watchCluster(options, signal);
      return reason;
    } finally {
      await forwarder.close();
    }
  } finally {
    await control.close();
    // Of a tunnel that broke, the log stays to be read.
    await removeTunnelFiles(files, reason === undefined ? 'keep-log' : 'all');
  }
}

async function watchCluster(options: ServeOptions, signal: AbortSignal): Promise<string> {
  let uid: string | undefined;
  let answered = performance.now();
  while (!signal.aborted) {
    try {
      const found = await lookUp(options, signal);
      answered = performance.now();
      if (found === undefined) return 'the virtual cluster is gone';
      uid ??= found.metadata?.uid;
      if (found.metadata?.uid !== uid) return 'the virtual cluster was replaced by another';
    } catch (error) {
      if (signal.aborted) break;
      options.log(error instanceof Error ? error.message : String(error));
      const away = error instanceof SubletError && error.code === 'API_UNREACHABLE';
      if (away && performance.now() - answered >= OUTAGE_MS) return 'the host cluster does not answer';
    }
    await sleep(options.checkMs ?? CHECK_MS, undefined, { signal }).catch(() => {});
  }
  return 'told to stop';
}

function lookUp({ api, name, namespace }: ServeOptions, signal: AbortSignal): Promise<ControlPlane | undefined> {
  return getObject<ControlPlane>(api, RESOURCES.statefulSets, namespace, name, { signal });
}
