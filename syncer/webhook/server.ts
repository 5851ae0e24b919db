import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { PORTS } from '../../lib/contract';
import type { Logger } from '../observability/logger';

/**
 * Answers one `AdmissionReview` (admission.k8s.io/v1) with another. When it throws, the API server does what the
 * webhook's `failurePolicy` says. `signal` aborts when the API server has stopped waiting.
 */
export type AdmissionHandler = (review: unknown, signal: AbortSignal) => Promise<object>;

/** What the webhook server is made of. */
export interface WebhookServerParts {
  /** Handlers by name: `/admit/<name>` leads to each. */
  readonly handlers: { readonly [name: string]: AdmissionHandler };
  /** Serving certificate and key, PEM. */
  readonly certificates: {
    current(): { readonly certificate: string; readonly key: string };
    /** Calls back when {@link current} gives another. Returns the function that ends it. */
    subscribe(listener: () => void): () => void;
  };
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
}

/** Where the webhook server listens, and what it takes. */
export interface WebhookServerOptions {
  /** @default PORTS.webhook */
  readonly port?: number;
  /** Bytes of the longest body that is read. @default 8 MiB: an object may be there twice, each up to 3 MiB */
  readonly maxBodyBytes?: number;
}

/** The webhook server, listening. */
export interface WebhookServer {
  readonly port: number;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/**
 * Serves admission webhooks to the virtual API server, on the pod's loopback only. What goes wrong here is a status
 * other than 200, so that the webhook's `failurePolicy` decides.
 * @throws the system's error when the port is taken
 */
export async function startWebhookServer(
  parts: WebhookServerParts,
  options: WebhookServerOptions = {},
): Promise<WebhookServer> {
  const { port = PORTS.webhook, maxBodyBytes = MAX_BODY_BYTES } = options;
  const tls = () => {
    const { certificate, key } = parts.certificates.current();
    return { cert: certificate, key, minVersion: 'TLSv1.2' as const };
  };
  // Go's clients keep idle connections for 90 s: whoever closes first must not be the server, or requests are lost.
  const server = createServer({ ...tls(), keepAliveTimeout: 120_000, requestTimeout: 30_000 }, (request, response) => {
    void answer(parts, maxBodyBytes, request, response);
  });
  const stopFollowing = parts.certificates.subscribe(() => server.setSecureContext(tls()));
  server.on('tlsClientError', (error) => parts.logger.debug({ err: error }, 'a TLS handshake failed'));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      stopFollowing();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  { handlers, logger }: WebhookServerParts,
  maxBodyBytes: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, name = ''] = /^\/admit\/([a-z0-9-]+)(?:\?.*)?$/.exec(request.url ?? '') ?? [];
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (handler === undefined) return say(response, 404, 'there is no such webhook');
  if (request.method !== 'POST') return say(response, 405, 'only POST is answered');

  const body = await readBody(request, maxBodyBytes);
  if (body.kind === 'gone') return;
  if (body.kind === 'too long') return say(response, 413, `the body is longer than ${maxBodyBytes} bytes`);
  const review = parseReview(body.text);
  if (review === undefined) return say(response, 400, 'the body is not an AdmissionReview of admission.k8s.io/v1');

  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    const verdict = JSON.stringify(await handler(review, left.signal));
    response.writeHead(200, { 'content-type': 'application/json' }).end(verdict);
  } catch (error) {
    const { namespace, name: subject, kind } = review.request;
    logger.warn({ err: error, webhook: name, kind: kind?.kind, namespace, name: subject }, 'a webhook failed');
    say(response, 500, 'the webhook failed');
  }
}

/** As much of a review as makes it one; the handler gets all of it. */
const admissionReview = z.looseObject({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  request: z.looseObject({
    uid: z.string(),
    kind: z.looseObject({ kind: z.string() }).optional(),
    namespace: z.string().optional(),
    name: z.string().optional(),
  }),
});

function parseReview(text: string): z.infer<typeof admissionReview> | undefined {
  try {
    return admissionReview.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'too long' }
  | { readonly kind: 'gone' };

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return { kind: 'too long' };
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      const bytes = Buffer.from(piece);
      length += bytes.length;
      if (length > maxBytes) return { kind: 'too long' };
      pieces.push(bytes);
    }
  } catch {
    return { kind: 'gone' };
  }
  return { kind: 'text', text: Buffer.concat(pieces).toString() };
}

function say(response: ServerResponse, status: number, message: string): void {
  const close = status === 413;
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...(close && { connection: 'close' }) })
    .end(`${message}\n`);
}
