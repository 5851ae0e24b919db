import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { PORTS } from '../../lib/contract';
import { type AnswerParts, answerRequest, answerUpgrade } from './answer';
import { createSecureServer } from './serving';
import type { ServingCertificates } from './types';

/** What the kubelet API is made of. */
export interface KubeletServerParts extends AnswerParts {
  readonly certificates: ServingCertificates;
}

/** Where the kubelet API listens. */
export interface KubeletServerOptions {
  /** @default PORTS.kubelet */
  readonly port?: number;
  /** @default '0.0.0.0' */
  readonly host?: string;
}

/** The kubelet API, listening. */
export interface KubeletServer {
  readonly port: number;
  /** Serves a connection that somebody else has accepted for a node, before its TLS handshake. */
  accept(socket: Duplex, options: { readonly node: string }): void;
  /** Takes no more connections, gives open streams `graceMs` to end (@default 0), then cuts them off. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Serves the kubelet API of all virtual nodes: logs, exec, attach and port-forward are carried to the host's API server
 * under the host's names; lists of pods come from the cache. Only the virtual API server's client certificate is let in.
 * @throws the system's error when the port is taken
 */
export async function startKubeletServer(
  parts: KubeletServerParts,
  options: KubeletServerOptions = {},
): Promise<KubeletServer> {
  const stopping = new AbortController();
  const secure = createSecureServer(parts.certificates);
  const { server } = secure;
  const connections = new Set<Duplex>();

  const track = (socket: Duplex): void => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  };
  // Both ends of TLS are kept: one that never finishes its handshake shows only as a plain connection.
  server.on('connection', track);
  server.on('secureConnection', track);
  server.on('request', (request, response) => {
    void answerRequest(parts, request, response, secure.nodeOf(request.socket), stopping.signal);
  });
  server.on('upgrade', (request, socket, head) => {
    void answerUpgrade(parts, request, { socket, head }, stopping.signal);
  });
  server.on('tlsClientError', (error) => parts.logger.debug({ err: error }, 'a TLS handshake failed'));

  server.listen(options.port ?? PORTS.kubelet, options.host ?? '0.0.0.0');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    accept(socket, { node }) {
      track(socket);
      secure.accept(socket, node);
    },
    async close(graceMs = 0) {
      secure.release();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => {
        stopping.abort();
        for (const socket of connections) socket.destroy();
      }, graceMs);
      await Promise.all([closed, ...Array.from(connections, whenClosed)]);
      clearTimeout(timer);
    },
  };
}

function whenClosed(socket: Duplex): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
