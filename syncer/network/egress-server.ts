import { once } from 'node:events';
import { chmod, lstat, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FILES } from '../../lib/contract';
import { joinSockets } from '../kubelet/join-sockets';
import type { Logger } from '../observability/logger';
import { type EgressDecision, type EgressFacts, egressDecision } from './egress-decision';

/** What the egress server is made of. */
export interface EgressServerParts {
  readonly facts: EgressFacts;
  /** @default egressDecision */
  readonly decide?: typeof egressDecision;
  /** Serves connections to virtual nodes. */
  readonly kubelet: { accept(socket: Duplex, options: { readonly node: string }): void };
  /** Serves connections to the metrics API, where there is one. */
  readonly metrics?: { accept(socket: Duplex): void };
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
  /** Told of every request. `failed`: allowed, but nothing answered there. */
  readonly observe?: (outcome: EgressDecision['kind'] | 'failed') => void;
}

/** Where the egress server listens, and how long it waits. */
export interface EgressServerOptions {
  /** @default FILES.egressSocket */
  readonly socket?: string;
  /** Milliseconds until a dialled address must have accepted. @default 10000 */
  readonly dialTimeoutMs?: number;
}

/** The egress server, listening. */
export interface EgressServer {
  /** Stops listening, and cuts off every connection that it carries itself. */
  close(): Promise<void>;
}

/** The other containers of the pod share the group, and nobody else may connect. */
const SOCKET_MODE = 0o660;

/**
 * Answers the HTTP CONNECT requests by which the virtual API server reaches nodes, webhooks and aggregated APIs
 * (EgressSelectorConfiguration, `HTTPConnect` over a Unix socket). A socket file left by a killed predecessor is replaced.
 * @throws the system's error when the socket can't be made
 */
export async function startEgressServer(
  parts: EgressServerParts,
  options: EgressServerOptions = {},
): Promise<EgressServer> {
  const { socket: path = FILES.egressSocket, dialTimeoutMs = 10_000 } = options;
  const carried = new Set<Duplex>();
  const server = createServer({ headersTimeout: 10_000 }, (_, response) => {
    response.writeHead(405, { 'content-type': 'text/plain', connection: 'close' }).end('only CONNECT is answered\n');
  });
  server.on('connect', (request, client, head) => {
    client.on('error', () => client.destroy());
    carried.add(client);
    client.once('close', () => carried.delete(client));
    void answerConnect(parts, { request, client, head, dialTimeoutMs });
  });

  await removeStaleSocket(path);
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, SOCKET_MODE);
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      for (const client of carried) client.destroy();
      await closed;
    },
  };
}

interface Connect {
  readonly request: IncomingMessage;
  readonly client: Duplex;
  readonly head: Buffer;
  readonly dialTimeoutMs: number;
}

async function answerConnect(parts: EgressServerParts, connect: Connect): Promise<void> {
  const { client, head } = connect;
  const { decide = egressDecision, facts } = parts;
  const target = parseTarget(connect.request.url);
  const decision: EgressDecision =
    target === undefined
      ? { kind: 'refuse', why: 'the target is not host:port' }
      : decide(target.host, target.port, facts);
  switch (decision.kind) {
    case 'refuse':
      parts.logger.warn({ target: connect.request.url, why: decision.why }, 'a connection was refused');
      parts.observe?.('refuse');
      return reject(client, 403, decision.why);
    case 'kubelet':
      parts.observe?.('kubelet');
      client.write(ESTABLISHED);
      if (head.length > 0) client.unshift(head);
      return parts.kubelet.accept(client, { node: decision.node });
    case 'metrics':
      if (parts.metrics === undefined) return reject(client, 403, 'there is no metrics API');
      parts.observe?.('metrics');
      client.write(ESTABLISHED);
      if (head.length > 0) client.unshift(head);
      return parts.metrics.accept(client);
    case 'dial':
      return await carry(parts, connect, decision);
  }
}

async function carry(
  { logger, observe }: EgressServerParts,
  { client, head, dialTimeoutMs }: Connect,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  let target: Socket;
  try {
    target = await dial(host, port, client, dialTimeoutMs);
  } catch (error) {
    observe?.('failed');
    logger.debug({ err: error, target: `${host}:${port}` }, 'a connection could not be made');
    return reject(client, 502, codeOf(error) ?? 'no answer');
  }
  observe?.('dial');
  client.write(ESTABLISHED);
  if (head.length > 0) target.write(head);
  await joinSockets(client, target);
}

/** Exactly what kube-apiserver waits for. A body or fields that announce one would be taken for bytes of the target. */
const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';

/** The reason stands in the status line, as that is all that kube-apiserver shows of an answer. */
function reject(client: Duplex, status: number, why: string): void {
  if (!client.writable) return;
  const reason = `${STATUS_CODES[status] ?? 'Error'}: ${why.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)}`;
  client.end(`HTTP/1.1 ${status} ${reason}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  client.resume();
}

function parseTarget(target: string | undefined): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(target ?? '') ?? [];
  const host = bracketed ?? plain;
  return host === undefined || port === undefined ? undefined : { host, port: Number(port) };
}

/** Connects, unless the client leaves first or nothing answers in time. */
function dial(host: string, port: number, client: Duplex, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    });
    const giveUp = () => void socket.destroy(new Error('no answer'));
    const timer = setTimeout(giveUp, timeoutMs);
    client.once('close', giveUp);
    const done = () => {
      clearTimeout(timer);
      client.off('close', giveUp);
    };
    socket.once('error', (error) => {
      done();
      reject(error);
    });
    socket.once('connect', () => {
      done();
      resolve(socket);
    });
  });
}

async function removeStaleSocket(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isSocket()) await unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** The system's code of an error: `ECONNREFUSED`, … */
function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}
