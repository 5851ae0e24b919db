import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PORTS } from '../../lib/contract';
import type { Metrics } from './metrics';

/** What the health server asks when it is asked. */
export interface HealthSources {
  /** What keeps the process from its work, empty when ready. */
  readonly readiness: () => readonly string[];
  /** What only a restart can mend, empty when alive. @default always alive */
  readonly liveness?: () => readonly string[];
  readonly metrics: Pick<Metrics, 'exposition'>;
}

/** Where the health server listens. */
export interface HealthServerOptions {
  /** @default PORTS.syncerHealth */
  readonly port?: number;
  /** @default every address of the pod */
  readonly host?: string;
}

/** A server that has started. */
export interface RunningServer {
  /** The TCP port that it listens on. */
  readonly port: number;
  /** Stops listening and ends what is open. */
  close(): Promise<void>;
}

/**
 * Serves `/healthz`, `/readyz` and `/metrics` in plain HTTP, for the kubelet and Prometheus. A failed check answers 503
 * with one reason a line.
 * @throws the system's error when the port is taken
 */
export async function startHealthServer(
  sources: HealthSources,
  options: HealthServerOptions = {},
): Promise<RunningServer> {
  const { liveness = () => [], readiness, metrics } = sources;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(response, 405, 'only GET is answered');
    switch (request.url?.split('?', 1)[0]) {
      case '/healthz':
        return check(response, liveness());
      case '/readyz':
        return check(response, readiness());
      case '/metrics':
        return void expose(response, metrics);
      default:
        return text(response, 404, 'there are /healthz, /readyz and /metrics');
    }
  });
  server.listen(options.port ?? PORTS.syncerHealth, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function check(response: ServerResponse, reasons: readonly string[]): void {
  if (reasons.length === 0) text(response, 200, 'ok');
  else text(response, 503, reasons.join('\n'));
}

async function expose(response: ServerResponse, metrics: Pick<Metrics, 'exposition'>): Promise<void> {
  try {
    const { contentType, body } = await metrics.exposition();
    response.writeHead(200, { 'content-type': contentType }).end(body);
  } catch {
    text(response, 500, 'the metrics could not be read');
  }
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${body}\n`);
}
