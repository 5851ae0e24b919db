import { STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { switchingLines, upgradeHeaders } from './headers';
import { joinSockets } from './join-sockets';
import type { HostApi, HostedPod, Refusal } from './types';

/** A request to run a command in a container, to attach to it, or to forward ports. */
export interface StreamRequest {
  readonly verb: 'exec' | 'attach' | 'portForward';
  readonly method: 'GET' | 'POST';
  readonly rawHeaders: readonly string[];
  readonly hosted: HostedPod;
  /** The API's parameters. */
  readonly query: string;
}

/** The connection of a client that asked for an upgrade. */
export interface StreamClient {
  readonly socket: Duplex;
  /** What it sent after its request already. */
  readonly head: Buffer;
}

/** How long the host may take until the container's streams are there, in milliseconds. */
const UPGRADE_TIMEOUT_MS = 120_000;

/**
 * Carries an upgraded connection (SPDY or WebSocket, whose bytes it doesn't look at) between the client and the host's
 * API server. Resolves when both sides are closed; rejects as {@link HostApi} does when the host does not switch
 * protocols, and then has written nothing to the client.
 */
export async function carryStreams(
  host: HostApi,
  request: StreamRequest,
  client: StreamClient,
  signal: AbortSignal,
): Promise<void> {
  const { verb, method, rawHeaders, hosted, query } = request;
  const gone = new AbortController();
  const leave = () => gone.abort();
  client.socket.once('close', leave);
  const path = `/api/v1/namespaces/${hosted.hostNamespace}/pods/${hosted.hostName}/${verb.toLowerCase()}`;
  const { response, socket, head } = await host.upgrade(
    query === '' ? path : `${path}?${query}`,
    upgradeHeaders(rawHeaders),
    { method, signal: AbortSignal.any([signal, gone.signal]), timeoutMs: UPGRADE_TIMEOUT_MS },
  );
  // From here on the sockets end each other, after what they carry has been delivered: no abort may cut that off.
  client.socket.off('close', leave);
  keepOpen(client.socket);
  keepOpen(socket);
  const lines = ['HTTP/1.1 101 Switching Protocols', ...switchingLines(response.rawHeaders)];
  client.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.length > 0) client.socket.write(head);
  if (client.head.length > 0) socket.write(client.head);
  await joinSockets(client.socket, socket);
}

/** Answers a request to upgrade with a refusal, and closes. */
export function refuseUpgrade(socket: Duplex, { status, message }: Refusal): void {
  if (!socket.writable) return;
  const body = `${message}\n`;
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** Seconds of silence until TCP asks whether the peer is still there, so that dead ones are noticed. */
const KEEP_ALIVE_SECONDS = 30;

/** A stream may be silent for days: only a dead peer ends it. Keystrokes go out at once. */
function keepOpen(socket: Duplex): void {
  if (!(socket instanceof Socket)) return;
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_SECONDS * 1000);
}
