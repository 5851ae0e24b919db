import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Logger } from '../observability/logger';
import { answerQuery, type Transport } from './answer-query';
import type { Ask } from './reply';
import { tcpMessages, withLength } from './tcp-framing';

/** What the DNS server is made of. */
export interface DnsServerOptions {
  readonly ask: Ask;
  /** Addresses to listen on. Those of a family that the machine has not are left out. @default ['0.0.0.0', '::'] */
  readonly addresses?: readonly string[];
  /** 0: any that is free, the same for UDP and TCP. */
  readonly port: number;
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
  /** Told of every answer. */
  readonly observe?: (rcode: number, transport: Transport) => void;
}

/** The DNS server, listening. */
export interface DnsServer {
  readonly port: number;
  /** Stops listening, and cuts off every connection. */
  close(): Promise<void>;
}

/** A pod that opens connections and says nothing must not keep others out. */
const MAX_CONNECTIONS = 256;
const IDLE_MS = 10_000;
/** No query is longer, and what is said to be longer would only be kept in memory. */
const MAX_QUERY_BYTES = 4_096;

/**
 * Serves DNS over UDP and TCP.
 * @throws the system's error when it can't listen: below 1024 it takes the pod's sysctl `ip_unprivileged_port_start`
 */
export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const { addresses = ['0.0.0.0', '::'] } = options;
  const closers: (() => Promise<void>)[] = [];
  let { port } = options;
  try {
    for (const address of addresses) {
      const tcp = await listenTcp(options, address, port);
      if (tcp === undefined) continue;
      closers.push(tcp.close);
      port = tcp.port;
      closers.push(await listenUdp(options, address, port));
    }
  } catch (error) {
    for (const close of closers) await close();
    throw error;
  }
  return {
    port,
    async close() {
      await Promise.all(closers.map((close) => close()));
    },
  };
}

interface Listening {
  readonly port: number;
  readonly close: () => Promise<void>;
}

async function listenTcp(options: DnsServerOptions, address: string, port: number): Promise<Listening | undefined> {
  const connections = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    void serveConnection(socket, options);
  });
  server.maxConnections = MAX_CONNECTIONS;
  try {
    server.listen({ host: address, port, ipv6Only: true });
    await once(server, 'listening');
  } catch (error) {
    if (isMissingFamily(error) && isIPv6(address)) return undefined;
    throw error;
  }
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

/** Queries of one connection are answered one after the other, so that it costs no more than a patient client's. */
async function serveConnection(socket: Socket, options: DnsServerOptions): Promise<void> {
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  try {
    for await (const bytes of tcpMessages(socket, MAX_QUERY_BYTES)) {
      const answer = await answerQuery(bytes, 'tcp', options.ask);
      if (answer === undefined) break;
      options.observe?.(answer.rcode, 'tcp');
      if (!socket.write(withLength(answer.bytes))) await once(socket, 'drain');
    }
  } catch (error) {
    options.logger.debug({ err: error }, 'a DNS connection broke');
  } finally {
    socket.destroy();
  }
}

async function listenUdp(options: DnsServerOptions, address: string, port: number): Promise<() => Promise<void>> {
  const socket = createSocket(isIPv6(address) ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
  socket.on('message', (bytes, from) => void serveDatagram(socket, bytes, from, options));
  try {
    socket.bind(port, address);
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  // Sending to somebody who is gone is reported here, and is nobody's trouble.
  socket.on('error', (error) => options.logger.debug({ err: error }, 'a DNS answer could not be sent'));
  return () => new Promise((resolve) => socket.close(() => resolve()));
}

async function serveDatagram(
  socket: UdpSocket,
  bytes: Uint8Array,
  { address, port }: RemoteInfo,
  { ask, observe }: DnsServerOptions,
): Promise<void> {
  if (port === 0) return;
  const answer = await answerQuery(bytes, 'udp', ask);
  if (answer === undefined) return;
  observe?.(answer.rcode, 'udp');
  try {
    socket.send(answer.bytes, port, address);
  } catch {
    // The server was closed while the answer was sought.
  }
}

function isMissingFamily(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
}
