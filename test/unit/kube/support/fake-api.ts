import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KubeObject, WatchEvent } from '../../../../syncer/kube/types';
import { failure, type Loopback, reply, serve } from './loopback';

/** An object of the fake API. */
export interface Thing extends KubeObject {
  readonly value?: number;
}

/**
 * An API server for one kind: lists in pages, streaming lists, watches with bookmarks, a history that can be compacted.
 * What tests break is a field or a method.
 */
export class FakeApi implements AsyncDisposable {
  readonly objects = new Map<string, Thing>();
  readonly requests: string[] = [];
  /** How the server takes `sendInitialEvents`. `overlooked`: as a server that does not know the parameter. */
  streaming: 'supported' | 'refused' | 'overlooked' = 'supported';
  /** Status by which every request is refused. */
  refuse: number | undefined;
  /** Accepts requests and never answers. */
  mute = false;
  /** Keeps changes from the watches, which learn of them never more, but for a new list. */
  silent = false;
  #version = 100;
  #oldest = 0;
  #history: { version: number; event: WatchEvent<Thing> }[] = [];
  readonly #watches = new Set<ServerResponse>();
  #uids = 0;

  private constructor(private readonly listening: { server: Loopback | undefined }) {}

  static async start(): Promise<FakeApi> {
    const api = new FakeApi({ server: undefined });
    api.listening.server = await serve((request, response) => api.#answer(request, response));
    return api;
  }

  get url(): string {
    return this.listening.server?.url ?? '';
  }

  get version(): string {
    return String(this.#version);
  }

  get watchCount(): number {
    return this.#watches.size;
  }

  put(name: string, value: number): void {
    const old = this.objects.get(name);
    this.#uids += 1;
    const uid = old?.metadata.uid ?? `uid-${this.#uids}`;
    this.#record(old ? 'MODIFIED' : 'ADDED', name, { metadata: { name, namespace: 'ns', uid }, value });
  }

  delete(name: string): void {
    const old = this.objects.get(name);
    if (old) this.#record('DELETED', name, old);
  }

  /** Forgets how it came to where it is. */
  compact(): void {
    this.#oldest = this.#version;
    this.#history = [];
  }

  /** Comes back with another store. */
  restore(version: number, objects: readonly Thing[]): void {
    this.#version = version;
    this.compact();
    this.objects.clear();
    for (const object of objects) this.objects.set(object.metadata.name ?? '', object);
    this.breakAll();
  }

  bookmark(): void {
    this.#version += 1;
    this.#broadcast({ type: 'BOOKMARK', object: { metadata: { resourceVersion: this.version } } });
  }

  /** Ends every watch as a server does when its time is over. */
  endWatches(): void {
    for (const watch of this.#watches) watch.end();
  }

  /** Sends half an event to every watch and breaks the connection. */
  breakMidLine(): void {
    for (const watch of this.#watches) watch.write('{"type":"MODI', () => watch.destroy());
  }

  /** Sends an error event to every watch. */
  expireWatches(): void {
    for (const watch of this.#watches)
      watch.end(`${JSON.stringify({ type: 'ERROR', object: failure(410, 'Expired') })}\n`);
  }

  breakAll(): void {
    this.listening.server?.breakAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listening.server?.[Symbol.asyncDispose]();
  }

  #record(type: WatchEvent<Thing>['type'], name: string, object: Thing): void {
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: this.version, managedFields: [{ manager: 'test' }] };
    const next = { ...object, metadata };
    if (type === 'DELETED') this.objects.delete(name);
    else this.objects.set(name, next);
    this.#history.push({ version: this.#version, event: { type, object: next } });
    this.#broadcast({ type, object: next });
  }

  #broadcast(event: WatchEvent<Thing>): void {
    if (this.silent) return;
    for (const watch of this.#watches) send(watch, event);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://fake');
    this.requests.push(url.search);
    response.on('error', () => undefined);
    if (this.mute) return;
    if (this.refuse !== undefined) reply(response, this.refuse, failure(this.refuse, 'Refused'));
    else if (url.searchParams.get('watch') === 'true') this.#watch(url.searchParams, response);
    else this.#list(url.searchParams, response);
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const all = [...this.objects.values()];
    const from = Number(query.get('continue') ?? 0);
    const end = Math.min(from + Number(query.get('limit') ?? all.length), all.length);
    const next = end < all.length ? String(end) : undefined;
    reply(response, 200, { metadata: { resourceVersion: this.version, continue: next }, items: all.slice(from, end) });
  }

  #watch(query: URLSearchParams, response: ServerResponse): void {
    const initial = query.get('sendInitialEvents') === 'true';
    if (initial && this.streaming === 'refused') {
      reply(response, 422, failure(422, 'Invalid'));
      return;
    }
    const since = Number(query.get('resourceVersion') ?? 0);
    if (!initial && since < this.#oldest) {
      reply(response, 410, failure(410, 'Expired'));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (initial) {
      for (const object of this.objects.values()) send(response, { type: 'ADDED', object });
      if (this.streaming === 'supported') {
        const annotations = { 'k8s.io/initial-events-end': 'true' };
        send(response, { type: 'BOOKMARK', object: { metadata: { resourceVersion: this.version, annotations } } });
      }
    } else for (const { version, event } of this.#history) if (version > since) send(response, event);
    this.#watches.add(response);
    response.on('close', () => this.#watches.delete(response));
  }
}

function send(response: ServerResponse, event: WatchEvent<Thing>): void {
  response.write(`${JSON.stringify(event)}\n`);
}
