import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { HostApi, HostedPod } from './types';

/**
 * Streams a container's logs from the host to `response`, each piece as soon as it comes. Resolves when all is
 * delivered or the client is gone; rejects as {@link HostApi} does, as long as nothing was delivered. `query` holds the
 * API's parameters.
 */
export async function streamLogs(
  host: HostApi,
  { hostName, hostNamespace }: HostedPod,
  query: string,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const answer = await host.stream(`/api/v1/namespaces/${hostNamespace}/pods/${hostName}/log?${query}`, {
    headers: { accept: 'text/plain, */*' },
    signal: AbortSignal.any([signal, gone.signal]),
    // A kubelet that follows a silent container doesn't even send the head of its answer before the first line.
    timeoutMs: Number.POSITIVE_INFINITY,
  });
  await deliver(answer, response);
}

async function deliver(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  try {
    await pipeline(answer, response);
  } catch {
    // Either the client has left, or the host broke off: then the pipeline has destroyed the response, and the client
    // sees a body that is cut off, not one that ends.
  }
}
