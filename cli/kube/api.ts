import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { SubletError } from '../../lib/contract';
import type { SelectedContext } from '../kubeconfig/read';
import { apiErrorFrom } from './api-error';
import { credentialsOf } from './credentials';

const DEFAULT_TIMEOUT_MS = 30_000;

/** One request to an API server. */
export interface ApiRequest {
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path from the server's root, without a query. */
  readonly path: string;
  /** A list stands for a key that is repeated. */
  readonly query?: { readonly [key: string]: string | readonly string[] | undefined };
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default 'application/json' */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds until it fails as unreachable. @default 30000 */
  readonly timeoutMs?: number;
}

/** What the server answered, below 400. */
export interface ApiResponse {
  readonly status: number;
  /** Parsed JSON, else the text. */
  readonly body: unknown;
}

/** A connection that was upgraded from HTTP. */
export interface Upgraded {
  readonly socket: Duplex;
  /** Bytes that came along with the answer. */
  readonly head: Buffer;
  readonly headers: IncomingMessage['headers'];
}

/**
 * One API server, over one pool of kept-alive connections.
 * Requests throw `KubeApiError` where the server refuses and `SubletError` `API_UNREACHABLE` where there is no answer.
 */
export interface Api {
  /** `https://host:port`, for messages. */
  readonly server: string;
  /** Name of the kubeconfig context that leads here. */
  readonly contextName: string;
  request(request: ApiRequest): Promise<ApiResponse>;
  /** Asks for an upgrade of the connection, with the given headers. */
  upgrade(request: ApiRequest, headers: { readonly [name: string]: string }): Promise<Upgraded>;
  /** Closes idle connections. */
  close(): void;
}

/** Connects to the API server of a kubeconfig context. Nothing is sent yet. */
export function createApi(selected: SelectedContext): Api {
  const base = new URL(selected.cluster.server);
  const secure = base.protocol === 'https:';
  const pool = secure ? new HttpsAgent({ keepAlive: true, maxSockets: 8 }) : new HttpAgent({ keepAlive: true });
  const credentials = credentialsOf(selected);
  const server = base.origin;

  const open = async (request: ApiRequest, extra: { readonly [name: string]: string }, pooled: boolean) => {
    const { headers, tls, agent } = await credentials();
    const options: RequestOptions = {
      ...tls,
      method: request.method ?? 'GET',
      host: base.hostname.replace(/^\[|\]$/g, ''),
      port: base.port === '' ? (secure ? 443 : 80) : Number(base.port),
      path: pathOf(base, request),
      // Logs and streams are no JSON: the server must be free to send what it has.
      headers: { accept: 'application/json, */*;q=0.5', ...copyHeaders(headers), ...extra },
      agent: agent ?? (pooled ? pool : false),
      ...(request.signal && { signal: request.signal }),
    };
    return secure ? httpsRequest(options) : httpRequest(options);
  };

  const guard = <T>(request: ApiRequest, cause: unknown): T => {
    if (request.signal?.aborted) throw new SubletError('INTERRUPTED', 'stopped', { cause: request.signal.reason });
    if (cause instanceof SubletError) throw cause;
    const reason = cause instanceof Error ? cause.message || String(cause) : String(cause);
    throw new SubletError('API_UNREACHABLE', `${server} (context "${selected.name}") can't be reached: ${reason}`, {
      cause,
      hint: 'check that the cluster runs and that --context and --kubeconfig name the right one',
    });
  };

  return {
    server,
    contextName: selected.name,
    request: async (request) => {
      const sent = request.body === undefined ? undefined : JSON.stringify(request.body);
      const extra = sent === undefined ? {} : bodyHeaders(request, sent);
      try {
        const call = await open(request, extra, true);
        const response = await new Promise<IncomingMessage>((resolve, reject) => {
          limit(call, request.timeoutMs ?? DEFAULT_TIMEOUT_MS, reject);
          call.once('response', resolve).once('error', reject);
          call.end(sent);
        });
        const body = parseBody(response, await text(response));
        const status = response.statusCode ?? 0;
        if (status >= 400) throw apiErrorFrom(request, status, body);
        return { status, body };
      } catch (cause) {
        return guard(request, cause);
      }
    },
    upgrade: async (request, headers) => {
      try {
        const call = await open(request, headers, false);
        return await new Promise<Upgraded>((resolve, reject) => {
          limit(call, request.timeoutMs ?? DEFAULT_TIMEOUT_MS, reject);
          call.once('upgrade', (response: IncomingMessage, socket: Duplex, head: Buffer) => {
            resolve({ socket, head, headers: response.headers });
          });
          call.once('response', (response: IncomingMessage) => {
            text(response).then(
              (body) => reject(apiErrorFrom(request, response.statusCode ?? 0, parseBody(response, body))),
              reject,
            );
          });
          call.once('error', reject);
          call.end();
        });
      } catch (cause) {
        return guard(request, cause);
      }
    },
    close: () => pool.destroy(),
  };
}

function limit(call: ReturnType<typeof httpRequest>, ms: number, reject: (error: Error) => void): void {
  const timer = setTimeout(() => {
    const error = new Error(`no answer within ${ms / 1000} s`);
    reject(error);
    call.destroy(error);
  }, ms);
  for (const event of ['close', 'upgrade'] as const) call.once(event, () => clearTimeout(timer));
}

function pathOf(base: URL, request: ApiRequest): string {
  const query = new URLSearchParams();
  for (const [key, value = []] of Object.entries(request.query ?? {})) {
    for (const each of typeof value === 'string' ? [value] : value) query.append(key, each);
  }
  const suffix = query.size === 0 ? '' : `?${query}`;
  return `${base.pathname.replace(/\/$/, '')}${request.path}${suffix}`;
}

function bodyHeaders(request: ApiRequest, sent: string): { readonly [name: string]: string } {
  return {
    'content-type': request.contentType ?? 'application/json',
    'content-length': String(Buffer.byteLength(sent)),
  };
}

function copyHeaders(headers: {
  readonly [name: string]: string | readonly string[];
}): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

function parseBody(response: IncomingMessage, body: string): unknown {
  if (!(response.headers['content-type'] ?? '').includes('json')) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
