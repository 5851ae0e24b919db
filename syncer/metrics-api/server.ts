import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { evidenceOf } from '../kubelet/identity';
import { createSecureServer } from '../kubelet/serving';
import type { ServingCertificates } from '../kubelet/types';
import type { Logger } from '../observability/logger';
import { answerMetrics, failure, type MetricsAnswer } from './answer';
import type { HostMetrics } from './host-metrics';
import type { Measured } from './measure';

/** What the metrics API is made of. */
export interface MetricsServerParts {
  readonly measured: Measured;
  readonly host: HostMetrics;
  /** `clientAuthority` is that of front proxies: the API server alone has a certificate of it. */
  readonly certificates: ServingCertificates;
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
}

/** The metrics API. It listens nowhere: connections of the virtual API server are handed to it. */
export interface MetricsServer {
  accept(socket: Duplex): void;
  close(): void;
}

/** The common name of the API server towards aggregated API servers. */
const FRONT_PROXY_CLIENT = 'front-proxy-client';

/**
 * Serves `metrics.k8s.io` for the virtual cluster. The API server has authenticated and authorized each request before
 * it passes it on; whoever else gets a connection here (a tenant's proxied Service) has no front-proxy certificate.
 */
export function createMetricsServer(parts: MetricsServerParts): MetricsServer {
  const { measured, host, logger } = parts;
  const secure = createSecureServer(parts.certificates);
  secure.server.on('request', (request, response) => {
    const { socket, method, url = '' } = request;
    const evidence = socket instanceof TLSSocket ? evidenceOf(socket) : undefined;
    if (evidence?.verified !== true || evidence.commonName !== FRONT_PROXY_CLIENT) {
      return send(response, failure(401, 'Unauthorized', 'Unauthorized'));
    }
    if (method !== 'GET') return send(response, failure(405, 'MethodNotAllowed', 'only GET is answered'));
    answerMetrics(url, measured, host).then(
      (answer) => send(response, answer),
      (error: unknown) => {
        logger.warn({ err: error }, 'the host did not tell measurements');
        send(response, failure(503, 'ServiceUnavailable', 'there are no measurements at the moment'));
      },
    );
  });
  return {
    accept: (socket) => secure.accept(socket, ''),
    close() {
      secure.release();
      secure.server.closeAllConnections();
    },
  };
}

function send(response: ServerResponse, { status, body }: MetricsAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
