import { constants } from 'node:crypto';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { ServingCertificates, ServingMaterial } from './types';

/** An HTTPS server that also takes connections which came another way than by its own port. */
export interface SecureServer {
  readonly server: HttpsServer;
  /** Serves a connection on which a client is about to begin its TLS handshake, on behalf of a node. */
  accept(socket: Duplex, node: string): void;
  /** The node on whose behalf a connection was accepted; `undefined` for those of the server's own port. */
  nodeOf(socket: object): string | undefined;
  /** Stops following the certificates. */
  release(): void;
}

/**
 * Makes the TLS side of the kubelet API. Every client is asked for a certificate; what to make of it is decided by
 * request. New connections get the certificate that is current then, open ones keep theirs.
 */
export function createSecureServer(certificates: ServingCertificates): SecureServer {
  const nodes = new WeakMap<object, string>();
  const server = createHttpsServer({
    ...tlsOptions(certificates.current()),
    // The last bytes of a command's output must get out although its client has ended already.
    allowHalfOpen: true,
    // A long command line of `exec` is part of the URL; Go's servers allow as much.
    maxHeaderSize: 1024 * 1024,
    headersTimeout: 30_000,
    requestTimeout: 60_000,
    // Go's clients keep idle connections for 90 s: whoever closes first must not be the server, or requests are lost.
    keepAliveTimeout: 120_000,
  });
  const stop = certificates.subscribe(() => server.setSecureContext(tlsOptions(certificates.current())));
  return {
    server,
    accept(socket, node) {
      // TLS tells of a finished handshake without naming the connection below, so each has a TLS server of its own.
      const doorman = createTlsServer({ ...tlsOptions(certificates.current()), allowHalfOpen: true });
      doorman.once('secureConnection', (secured: TLSSocket) => {
        nodes.set(secured, node);
        server.emit('secureConnection', secured);
      });
      doorman.once('tlsClientError', () => socket.destroy());
      socket.on('error', () => socket.destroy());
      doorman.emit('connection', socket);
    },
    nodeOf: (socket) => nodes.get(socket),
    release: stop,
  };
}

function tlsOptions(material: ServingMaterial): TlsOptions {
  return {
    cert: material.certificate,
    key: material.key,
    ca: material.clientAuthority,
    requestCert: true,
    // A client without a good certificate gets an answer in HTTP, as from a kubelet.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    handshakeTimeout: 10_000,
    ALPNProtocols: ['http/1.1'],
    // Without resumption every connection proves the client's certificate against the authority in force.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}
