import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PORTS, SubletError } from '../../lib/contract';
import { controlPlaneSelector } from '../cluster/find';
import type { Api } from '../kube/api';
import { KubeApiError } from '../kube/api-error';
import { listObjects, pathFor } from '../kube/objects';
import { type KubeObject, RESOURCES } from '../kube/types';
import { type ChannelSocket, openChannelSocket } from '../kube/websocket';

/** The kubelet's port-forward over WebSocket: channel 0 is data, channel 1 an error text; each starts with the port. */
const PROTOCOL = 'v4.channel.k8s.io';
const DATA = 0;
const ERROR = 1;
const PORT_PREFIX_BYTES = 2;

/** How long a new connection waits for a control plane that restarts. */
const DIAL_PATIENCE_MS = 20_000;
const DIAL_RETRY_MS = 300;

/** Where connections lead. */
export interface ForwardTarget {
  readonly api: Api;
  /** The virtual cluster's name. */
  readonly name: string;
  /** The host namespace. */
  readonly namespace: string;
}

interface PodObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/**
 * Opens a stream to the API server in the control-plane pod, by the host's port-forward. While the pod restarts it tries
 * again, so that whoever connects waits instead of failing.
 * @throws SubletError `API_UNREACHABLE` when there is no ready pod for 20 seconds, KubeApiError where it may not be reached
 */
export async function dialControlPlane(target: ForwardTarget, signal: AbortSignal): Promise<ChannelSocket> {
  const started = performance.now();
  for (;;) {
    try {
      return await dialOnce(target, signal);
    } catch (cause) {
      if (signal.aborted || !passes(cause) || performance.now() - started >= DIAL_PATIENCE_MS) throw cause;
      await sleep(DIAL_RETRY_MS, undefined, { signal });
    }
  }
}

/**
 * Opens a stream to a port of a pod.
 * @throws KubeApiError where the API server refuses it
 */
export async function dialPod(
  api: Api,
  namespace: string,
  pod: string,
  port: number,
  signal: AbortSignal,
): Promise<ChannelSocket> {
  const path = pathFor(RESOURCES.pods, namespace, pod, 'portforward');
  return openChannelSocket(api, { path, query: { ports: String(port) }, signal }, [PROTOCOL]);
}

/** Couples a client's connection with a stream: both directions, each as fast as the slower side. Ends with either. */
export function couple(client: Socket, stream: ChannelSocket, onError: (text: string) => void): void {
  const prefixSeen = new Set<number>();
  stream.onMessage((channel, data) => {
    const payload = prefixSeen.has(channel) ? data : data.subarray(PORT_PREFIX_BYTES);
    prefixSeen.add(channel);
    if (payload.length === 0) return;
    if (channel === DATA && !client.write(payload)) stream.pause();
    if (channel === ERROR) {
      onError(payload.toString('utf8').trim());
      stream.close();
    }
  });
  stream.onDrain(() => client.resume());
  stream.onClose(() => client.end());
  client.on('drain', () => stream.resume());
  client.on('data', (data) => {
    if (!stream.send(DATA, data)) client.pause();
  });
  // The protocol has no half-close: a client that has said all is taken as one that is done.
  client.on('end', () => stream.close());
  client.on('close', () => stream.close());
  client.on('error', () => client.destroy());
}

/** Whether a failure may be of a restart: a pod that is not there or not up yet, not a right that is missing. */
function passes(error: unknown): boolean {
  return error instanceof KubeApiError ? error.status === 404 || error.status >= 500 : error instanceof SubletError;
}

async function dialOnce({ api, name, namespace }: ForwardTarget, signal: AbortSignal): Promise<ChannelSocket> {
  const query = { namespace, labelSelector: controlPlaneSelector(name) };
  const pods = await listObjects<PodObject>(api, RESOURCES.pods, query, { signal });
  const ready = pods.find((pod) => pod.metadata?.deletionTimestamp === undefined && isReady(pod));
  if (ready?.metadata?.name === undefined) {
    throw new SubletError('API_UNREACHABLE', `no control-plane pod of "${name}" is ready in "${namespace}"`);
  }
  return dialPod(api, namespace, ready.metadata.name, PORTS.apiServer, signal);
}

function isReady(pod: PodObject): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}
