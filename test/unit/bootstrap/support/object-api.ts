import type { IncomingMessage, ServerResponse } from 'node:http';
import { createKubeClient, type StreamingKubeClient } from '../../../../syncer/kube/client';
import type { KubeObject } from '../../../../syncer/kube/types';
import { bodyOf, failure, type Loopback, reply, serve } from '../../kube/support/loopback';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: KubeObject & { readonly [field: string]: unknown };
}

/** An answer that a test gives in the server's place, or nothing to let the server answer. */
type Intercept = (request: SeenRequest) => { readonly status: number; readonly body: object } | undefined;

/** An API server that keeps whatever objects it is given: create, read, replace, apply and delete, with versions. */
export class ObjectApi implements AsyncDisposable {
  /** By path: `/api/v1/namespaces/ns/secrets/name`. */
  readonly objects = new Map<string, KubeObject & { readonly [field: string]: unknown }>();
  readonly requests: SeenRequest[] = [];
  /** Asked before the server answers. */
  intercept: Intercept = () => undefined;
  #version = 0;

  private constructor(
    private readonly server: Loopback,
    readonly client: StreamingKubeClient,
  ) {}

  static async start(): Promise<ObjectApi> {
    const handler: { answer?: (request: IncomingMessage, response: ServerResponse) => Promise<void> } = {};
    const server = await serve((request, response) => void handler.answer?.(request, response));
    const api = new ObjectApi(server, createKubeClient({ server: server.url }));
    handler.answer = (request, response) => api.#answer(request, response);
    return api;
  }

  put(path: string, object: object): void {
    this.#version += 1;
    const given = object as KubeObject;
    const metadata = { uid: `uid-${this.#version}`, ...given.metadata, resourceVersion: String(this.#version) };
    this.objects.set(path, { ...given, metadata });
  }

  /** `METHOD path` of everything but reads. */
  get writes(): readonly string[] {
    return this.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.server[Symbol.asyncDispose]();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://fake');
    const text = await bodyOf(request);
    const body = text === '' ? { metadata: {} } : JSON.parse(text);
    const seen = { method: request.method ?? '', path: url.pathname, query: url.searchParams, body };
    this.requests.push(seen);
    const { status, body: answer } = this.intercept(seen) ?? this.#handle(seen);
    reply(response, status, answer);
  }

  #handle({ method, path, query, body }: SeenRequest): { status: number; body: object } {
    const target = method === 'POST' ? `${path}/${body.metadata.name}` : path;
    const existing = this.objects.get(target);
    if (method === 'POST') {
      if (query.has('dryRun')) return { status: 201, body };
      if (existing !== undefined) return { status: 409, body: failure(409, 'AlreadyExists') };
      this.put(target, body);
    } else if (existing === undefined && !(method === 'PATCH' && query.has('fieldManager'))) {
      return { status: 404, body: notFound(path) };
    } else if (method === 'DELETE') {
      this.objects.delete(path);
      return { status: 200, body: existing ?? {} };
    } else if (method === 'PUT') {
      const { resourceVersion } = body.metadata;
      if (resourceVersion !== existing?.metadata.resourceVersion)
        return { status: 409, body: failure(409, 'Conflict') };
      this.put(path, body);
    } else if (method === 'PATCH') {
      this.put(path, { ...existing, ...body, metadata: { ...existing?.metadata, ...body.metadata } });
    }
    return { status: 200, body: this.objects.get(target) ?? {} };
  }
}

/** What an API server says of an object that is not there. */
export function notFound(path: string): object {
  const [name = '', kind = ''] = path.split('/').reverse();
  return failure(404, 'NotFound', { details: { name, kind } });
}

/** What an API server says to somebody without a right. */
export function forbidden(verb: string, resource: string): object {
  return failure(403, 'Forbidden', { message: `User "x" cannot ${verb} resource "${resource}" in API group ""` });
}
