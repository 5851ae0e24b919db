import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { createSecureContext } from 'node:tls';
import type { KubeConnection } from './config';

/** Requests to one API server that are under way at once; more of them wait. Watches and other streams don't count. */
const MAX_SOCKETS = 32;
/** Silence after which TCP asks whether the other side still lives, in milliseconds. */
const TCP_KEEPALIVE_MS = 30_000;

/** One request as it goes over the wire. */
export interface Exchange {
  readonly method: string;
  /** Path below the connection's server, with its query. */
  readonly path: string;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
  /**
   * Streams live long, so they take no place in the pool of the short requests, which would starve otherwise. Each has
   * a fresh connection: it is never sent over one that may be dead, so a command is never executed twice.
   */
  readonly pool: 'requests' | 'streams';
  /** Send it again when a kept-alive connection turns out to be dead: the server closes those at any time. */
  readonly replay: boolean;
}

/** The head of an answer: a body to be read, or a connection that now speaks another protocol. */
export type Answer =
  | { readonly kind: 'response'; readonly response: http.IncomingMessage }
  | {
      readonly kind: 'upgrade';
      readonly response: http.IncomingMessage;
      readonly socket: Duplex;
      readonly head: Buffer;
    };

/** Connections to one API server. */
export interface Transport {
  /** @throws Node's own errors */
  send(exchange: Exchange): Promise<Answer>;
  /** Closes every connection, also those in use. */
  close(): void;
}

/** Opens no connection yet: each is made when a request needs it, and kept for the next. */
export function createTransport(connection: KubeConnection): Transport {
  const server = new URL(connection.server);
  const prefix = server.pathname.replace(/\/$/, '');
  const target = { host: server.hostname.replace(/^\[|\]$/g, ''), port: server.port };
  const pools = server.protocol === 'https:' ? securePools(connection) : plainPools();

  const send = (exchange: Exchange): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = pools.request({
        ...target,
        method: exchange.method,
        path: prefix + exchange.path,
        headers: { host: server.host, ...exchange.headers },
        agent: pools[exchange.pool],
        signal: exchange.signal,
      });
      outgoing.once('socket', (socket) => {
        socket.setNoDelay(true);
        socket.setKeepAlive(true, TCP_KEEPALIVE_MS);
      });
      outgoing.once('response', (response) => resolve({ kind: 'response', response }));
      outgoing.once('upgrade', (response, socket, head) => resolve({ kind: 'upgrade', response, socket, head }));
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        const stale = outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        if (stale && exchange.replay && !exchange.signal.aborted) resolve(send(exchange));
        else reject(error);
      });
      outgoing.end(exchange.body);
    });
  return {
    send,
    close() {
      pools.requests.destroy();
      pools.streams.destroy();
    },
  };
}

interface Pools {
  readonly request: (options: http.RequestOptions) => http.ClientRequest;
  readonly requests: http.Agent;
  readonly streams: http.Agent;
}

function plainPools(): Pools {
  return {
    request: (options) => http.request(options),
    requests: new http.Agent({ keepAlive: true, keepAliveMsecs: TCP_KEEPALIVE_MS, maxSockets: MAX_SOCKETS }),
    streams: new http.Agent(),
  };
}

function securePools(connection: KubeConnection): Pools {
  // Made once: otherwise every connection parses the certificates again.
  const secureContext = createSecureContext({
    ca: connection.ca,
    cert: connection.clientCertificate,
    key: connection.clientKey,
    minVersion: 'TLSv1.2',
  });
  const tls = { secureContext, ...(connection.serverName !== undefined && { servername: connection.serverName }) };
  return {
    request: (options) => https.request(options),
    requests: new https.Agent({ ...tls, keepAlive: true, keepAliveMsecs: TCP_KEEPALIVE_MS, maxSockets: MAX_SOCKETS }),
    streams: new https.Agent(tls),
  };
}

/** Reads a body to its end. @throws Error when it breaks off, or gets longer than `longest` bytes */
export function readBody(response: http.IncomingMessage, longest = Number.POSITIVE_INFINITY): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > longest) response.destroy(new Error(`the answer is longer than ${longest} bytes`));
      else chunks.push(chunk);
    });
    response.once('end', () => resolve(Buffer.concat(chunks, length)));
    response.once('error', reject);
    response.once('close', () => reject(new Error('the answer broke off')));
  });
}
