import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A server on the loopback that a test wrote, and what it saw. */
export interface Loopback extends AsyncDisposable {
  readonly url: string;
  readonly server: http.Server;
  /** TCP connections that were made so far. */
  readonly connections: number;
  /** Breaks every open connection without a word, as a killed process does. */
  breakAll(): void;
}

/** Serves `handler` over HTTP, or over HTTPS when given a certificate. */
export async function serve(handler: http.RequestListener, tls?: https.ServerOptions): Promise<Loopback> {
  const server = tls ? https.createServer(tls, handler) : http.createServer(handler);
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const breakAll = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    server,
    get connections() {
      return connections;
    },
    breakAll,
    async [Symbol.asyncDispose]() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function reply(response: http.ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** A `Status` as an API server sends it. */
export function failure(code: number, reason: string, rest: object = {}): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: `${reason} it is`, ...rest };
}

/** Reads a request's body. */
export async function bodyOf(request: http.IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
