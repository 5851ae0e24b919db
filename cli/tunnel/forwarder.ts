import { createServer, type Server, type Socket } from 'node:net';
import { SubletError } from '../../lib/contract';
import type { ChannelSocket } from '../kube/websocket';
import { couple } from './forward';

/** A local port whose connections lead into a pod. */
export interface Forwarder {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

/** How a forwarder reaches its pod. */
export interface ForwarderOptions {
  /** Opens the stream for one connection. */
  readonly dial: (signal: AbortSignal) => Promise<ChannelSocket>;
  /** Local port. @default a free one */
  readonly port?: number;
  /** Told of connections that failed. */
  readonly onError: (text: string) => void;
}

/** Listens on 127.0.0.1 and forwards every connection over a stream of its own. */
export async function startForwarder(options: ForwarderOptions): Promise<Forwarder> {
  const clients = new Set<Socket>();
  const stopping = new AbortController();
  const server = createServer((client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    client.on('error', () => client.destroy());
    client.pause();
    forward(client, options, stopping.signal);
  });
  const port = await listen(server, options.port ?? 0);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        stopping.abort();
        server.close(() => resolve());
        for (const client of clients) client.destroy();
      }),
  };
}

async function forward(client: Socket, options: ForwarderOptions, stopping: AbortSignal): Promise<void> {
  const gone = new AbortController();
  client.once('close', () => gone.abort());
  try {
    const stream = await options.dial(AbortSignal.any([stopping, gone.signal]));
    if (client.destroyed) return stream.close();
    couple(client, stream, options.onError);
    client.resume();
  } catch (error) {
    client.destroy();
    if (!stopping.aborted && !gone.signal.aborted)
      options.onError(error instanceof Error ? error.message : String(error));
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new SubletError('USAGE', `can't listen on 127.0.0.1:${port}: ${cause.message}`, { cause }));
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
