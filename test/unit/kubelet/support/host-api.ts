import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createHttp } from '../../../../syncer/kube/http';
import type { HostApi } from '../../../../syncer/kubelet/types';

/** A server that stands for the host's API server, and the client by which it is reached. */
export interface HostApiServer {
  readonly api: HostApi;
  /** What it does with a request that stays HTTP. */
  onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** What it does with a request to upgrade. */
  onUpgrade: (request: IncomingMessage, socket: Duplex) => void;
  /** Connections that are open now. */
  readonly connections: ReadonlySet<Duplex>;
  close(): Promise<void>;
}

/** The syncer's token in these tests. */
export const TOKEN = 'token-of-the-syncer';

/** Starts a host API server on the loopback. */
export async function startHostApi(): Promise<HostApiServer> {
  const connections = new Set<Duplex>();
  const server = createServer({ maxHeaderSize: 1024 * 1024 }, (request, response) => host.onRequest(request, response));
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => {});
  });
  server.on('upgrade', (request, socket) => host.onUpgrade(request, socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const http = createHttp({ server: `http://127.0.0.1:${port}`, token: async () => TOKEN });
  const host: HostApiServer = {
    api: http,
    onRequest: (_, response) => response.writeHead(500).end(),
    onUpgrade: (_, socket) => socket.destroy(),
    connections,
    async close() {
      http.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
  return host;
}
