import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { SubletError } from '../../lib/contract';
import { interrupted, linkSignal, pause } from './abort';
import { ApiError, apiErrorOfAnswer } from './api-error';
import type { Random } from './clock';
import type { KubeConnection } from './config';
import { createAdaptiveLimiter, type Limiter } from './rate-limiter';
import { type Answer, createTransport, readBody, type Transport } from './transport';

/** Requests under way at once, at most. */
const MAX_CONCURRENT = 32;
/** Until a request fails, if it names no time of its own, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** How often a request is sent again at a busy server's own request. */
const MAX_RETRIES = 4;
/** The longest explanation of a refusal that is read, in bytes. */
const LONGEST_REFUSAL = 1024 * 1024;
/** Managed fields on the server are kept under the part before the slash. */
const USER_AGENT = 'sublet-syncer/1';

/**
 * When a request is sent again after the server asked to wait (`Retry-After`): `idempotent` after 429 and 503, and when
 * a kept-alive connection was dead; `refused` only after 429, which the server sends before it does anything; `never`
 * where 429 is an answer of its own (evictions).
 */
export type RetryRule = 'idempotent' | 'refused' | 'never';

/** A request whose answer is read as a whole. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly retry: RetryRule;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until it fails, waiting and retries included. @default 30000 */
  readonly timeoutMs?: number | undefined;
}

/** A request whose answer goes on and on. */
export interface StreamOptions {
  /** @default GET */
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** Ends the stream, also after it has begun. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the head of the answer must be there; `Infinity` waits for ever. @default 30000 */
  readonly timeoutMs?: number;
}

/** A connection that now speaks another protocol. Whoever gets it must listen to the socket's errors and close it. */
export interface UpgradedConnection {
  readonly response: IncomingMessage;
  readonly socket: Duplex;
  /** What the server sent already after its answer. */
  readonly head: Buffer;
}

/**
 * HTTP with one API server. Errors: {@link ApiError} when it refuses, `SubletError` `API_UNREACHABLE` when it can't be
 * reached, breaks off or takes too long, `INTERRUPTED` when `signal` aborts.
 */
export interface Http {
  request(request: HttpRequest): Promise<{ readonly contentType: string; readonly body: Buffer }>;
  stream(path: string, options?: StreamOptions): Promise<IncomingMessage>;
  upgrade(path: string, headers: OutgoingHttpHeaders, options?: StreamOptions): Promise<UpgradedConnection>;
  close(): void;
}

/** Makes an {@link Http}. It connects when the first request needs it. */
export function createHttp(connection: KubeConnection, random: Random = Math.random): Http {
  const wire: Wire = {
    connection,
    transport: createTransport(connection),
    limiter: createAdaptiveLimiter(MAX_CONCURRENT),
  };
  return {
    request: (request) => withDeadline(wire, request, (deadline) => requestPatiently(wire, request, deadline, random)),
    async stream(path, options = {}) {
      const answer = await openStream(wire, path, options);
      if (answer.kind === 'response') return answer.response;
      answer.socket.destroy();
      throw new SubletError('API_ERROR', `GET ${path}: the server changed the protocol unasked`);
    },
    async upgrade(path, headers, options = {}) {
      const answer = await openStream(wire, path, { ...options, headers });
      if (answer.kind === 'upgrade') return answer;
      answer.response.destroy();
      throw new SubletError('API_ERROR', `GET ${path}: the server did not change the protocol`);
    },
    close: () => wire.transport.close(),
  };
}

interface Wire {
  readonly connection: KubeConnection;
  readonly transport: Transport;
  readonly limiter: Limiter;
}

async function requestPatiently(
  wire: Wire,
  request: HttpRequest,
  { signal, remainingMs }: Deadline,
  random: Random,
): Promise<{ contentType: string; body: Buffer }> {
  for (let retries = 0; ; retries += 1) {
    const slot = await wire.limiter.acquire(signal);
    if (!slot) throw signal.reason;
    try {
      const { response } = await exchange(wire, { ...request, pool: 'requests' }, signal);
      if (!isSuccess(response)) throw await refusal(request, response);
      const body = await readBody(response);
      slot('answered');
      return { contentType: response.headers['content-type'] ?? '', body };
    } catch (error) {
      slot(error instanceof ApiError ? (error.status === 429 ? 'throttled' : 'answered') : 'failed');
      const askedMs = retryAfterMs(error, request.retry);
      // Spread, as all that were refused at once would come back at once.
      const waitMs = askedMs === undefined ? Number.POSITIVE_INFINITY : askedMs * (1 + random() / 4);
      if (waitMs >= remainingMs() || retries >= MAX_RETRIES) throw error;
      await pause(waitMs, signal);
      if (signal.aborted) throw signal.reason;
    }
  }
}

function retryAfterMs(error: unknown, rule: RetryRule): number | undefined {
  if (rule === 'never' || !(error instanceof ApiError) || error.retryAfterSeconds === undefined) return undefined;
  const again = error.status === 429 || (error.status === 503 && rule === 'idempotent');
  return again ? error.retryAfterSeconds * 1000 : undefined;
}

async function openStream(wire: Wire, path: string, options: StreamOptions): Promise<Answer> {
  const request = { method: 'GET', path, ...options };
  return await withDeadline(wire, request, async (deadline) => {
    const answer = await exchange(wire, { ...request, retry: 'never', pool: 'streams' }, deadline.signal);
    const { response } = answer;
    if (answer.kind === 'response' && !isSuccess(response)) throw await refusal(request, response);
    // The caller's signal goes on ruling the stream after this function has returned.
    const { signal } = options;
    const owner = answer.kind === 'upgrade' ? answer.socket : response;
    const end = (): void => void owner.destroy();
    if (answer.kind === 'upgrade') answer.socket.on('error', () => undefined);
    signal?.addEventListener('abort', end, { once: true });
    owner.once('close', () => signal?.removeEventListener('abort', end));
    if (signal?.aborted) end();
    return answer;
  });
}

/** Sends a request as whom the connection says. A token that was rotated in the meantime gets a second chance. */
async function exchange(
  wire: Wire,
  request: Pick<HttpRequest, 'method' | 'path' | 'headers' | 'body' | 'retry'> & { pool: 'requests' | 'streams' },
  signal: AbortSignal,
): Promise<Answer> {
  const { token: tokenOf } = wire.connection;
  const { method, path, body, pool } = request;
  const send = (token: string | undefined): Promise<Answer> =>
    wire.transport.send({
      method,
      path,
      body,
      pool,
      signal,
      replay: request.retry === 'idempotent',
      headers: {
        accept: 'application/json',
        'user-agent': USER_AGENT,
        ...request.headers,
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
  const token = await tokenOf?.();
  const answer = await send(token);
  if (answer.response.statusCode !== 401 || tokenOf === undefined) return answer;
  const renewed = await tokenOf(token);
  if (renewed === token) return answer;
  answer.response.resume();
  return await send(renewed);
}

interface Deadline {
  /** Aborts when the caller calls the request off, or its time is over. */
  readonly signal: AbortSignal;
  remainingMs(): number;
}

async function withDeadline<T>(
  wire: Wire,
  request: { method: string; path: string; signal?: AbortSignal | undefined; timeoutMs?: number | undefined },
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = request;
  const what = `${request.method} ${request.path.split('?', 1)[0]} at ${wire.connection.server}`;
  const link = linkSignal(signal);
  const late = new SubletError('API_UNREACHABLE', `${what}: no answer within ${timeoutMs} ms`);
  const timer = Number.isFinite(timeoutMs) ? setTimeout(() => link.abort(late), timeoutMs) : undefined;
  const endsAt = performance.now() + timeoutMs;
  try {
    return await work({ signal: link.signal, remainingMs: () => endsAt - performance.now() });
  } catch (error) {
    if (error instanceof SubletError) throw error;
    if (link.signal.reason === late) throw late;
    if (link.signal.aborted) throw interrupted(what, link.signal);
    throw unreachable(what, error);
  } finally {
    clearTimeout(timer);
    link.unlink();
  }
}

/** The error of a connection that could not be made, or broke. */
export function unreachable(what: string, error: unknown): SubletError {
  const code = error instanceof Error && 'code' in error ? `${error.code}: ` : '';
  const message = error instanceof Error ? error.message : String(error);
  return new SubletError('API_UNREACHABLE', `${what}: ${code}${message}`, { cause: error });
}

async function refusal(request: { method: string; path: string }, response: IncomingMessage): Promise<ApiError> {
  const body = (await readBody(response, LONGEST_REFUSAL)).toString('utf8');
  const retryAfter = response.headers['retry-after'];
  return apiErrorOfAnswer(request, { status: response.statusCode ?? 0, retryAfter, body });
}

function isSuccess(response: IncomingMessage): boolean {
  const status = response.statusCode ?? 0;
  return status >= 200 && status < 300;
}
