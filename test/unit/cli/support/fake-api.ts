import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { KubeObject } from '../../../../cli/kube/types';
import type { SelectedContext } from '../../../../cli/kubeconfig/read';

/** One request that the server got. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** Answers a request instead of the server's own behaviour; `undefined` leaves it to the server. */
export type Override = (request: SeenRequest) => { readonly status: number; readonly body: unknown } | undefined;

/** An API server of objects in memory: get, list, server-side apply, delete, access reviews and port-forward. */
export interface FakeApi extends AsyncDisposable {
  readonly url: string;
  readonly context: SelectedContext;
  readonly objects: Map<string, KubeObject>;
  readonly seen: SeenRequest[];
  override: Override | undefined;
  /** Local port that port-forwards lead to. */
  forwardTo: number | undefined;
  put(object: KubeObject, plural: string): void;
  /** Requests that change something. */
  writes(): readonly string[];
}

let uids = 0;

/** Starts one on the loopback. */
export async function startFakeApi(): Promise<FakeApi> {
  const objects = new Map<string, KubeObject>();
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    answer(api, request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket) => forward(api, request, socket));
  const url = await listen(server);
  const api: FakeApi = {
    url,
    objects,
    seen,
    override: undefined,
    forwardTo: undefined,
    context: {
      name: 'fake',
      context: { cluster: 'fake', user: 'fake' },
      cluster: { server: url },
      user: { token: 't' },
    },
    put: (object, plural) => {
      const { namespace, name = '' } = object.metadata ?? {};
      objects.set(keyFor(object.apiVersion ?? 'v1', namespace, plural, name), withUid(object));
    },
    writes: () =>
      seen
        .filter(({ method, path, query }) => method !== 'GET' && !path.includes('selfsubject') && !query.has('dryRun'))
        .map(({ method, path }) => `${method} ${path}`),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
  return api;
}

async function answer(api: FakeApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const raw = await text(request);
  const seen: SeenRequest = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    body: raw === '' ? undefined : JSON.parse(raw),
  };
  api.seen.push(seen);
  const { status, body } = api.override?.(seen) ?? respond(api, seen);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function respond(api: FakeApi, { method, path, query, body }: SeenRequest): { status: number; body: unknown } {
  if (path === '/version') return { status: 200, body: { gitVersion: 'v1.37.2' } };
  if (path.endsWith('/selfsubjectaccessreviews')) return { status: 201, body: { status: { allowed: true } } };
  if (path.endsWith('/selfsubjectreviews'))
    return { status: 201, body: { status: { userInfo: { username: 'jane' } } } };
  const isNamespace = /^\/api\/v1\/namespaces(\/[^/]+)?$/.test(path);
  const parts = path.split('/');
  const namespace = isNamespace ? undefined : path.match(/\/namespaces\/([^/]+)\//)?.[1];
  const root = path.startsWith('/apis/') ? 4 : 3;
  const rest = isNamespace || namespace === undefined ? parts.slice(root) : parts.slice(root + 2);
  const [plural = '', name] = rest;
  const version = path.startsWith('/apis/') ? parts.slice(2, 4).join('/') : 'v1';
  const key = keyFor(version, namespace, plural, name ?? '');
  if (name === undefined) return { status: 200, body: { items: list(api, version, namespace, plural, query) } };
  const found = api.objects.get(key);
  if (method === 'PATCH') {
    const dryRun = query.has('dryRun');
    if (namespace !== undefined && !api.objects.has(keyFor('v1', undefined, 'namespaces', namespace))) {
      return status(404, 'NotFound', `namespaces "${namespace}" not found`);
    }
    const object = withUid({ ...found, ...(body as KubeObject) }, found?.metadata?.uid);
    if (!dryRun) api.objects.set(key, object);
    return { status: found === undefined ? 201 : 200, body: object };
  }
  if (found === undefined) return status(404, 'NotFound', `${plural} "${name}" not found`);
  if (method === 'DELETE') api.objects.delete(key);
  return { status: 200, body: found };
}

function list(api: FakeApi, version: string, namespace: string | undefined, plural: string, query: URLSearchParams) {
  const wanted = (query.get('labelSelector') ?? '').split(',').filter((term) => term !== '');
  return [...api.objects.entries()]
    .filter(([key]) => key.startsWith(`${version} ${namespace ?? ''}`) && key.includes(` ${plural} `))
    .map(([, object]) => object)
    .filter(({ metadata }) =>
      wanted.every((term) => {
        const [label = '', value] = term.split('=');
        return metadata?.labels?.[label] === value;
      }),
    );
}

/** The error that an API server answers with. */
export function status(code: number, reason: string, message: string) {
  return { status: code, body: { kind: 'Status', status: 'Failure', reason, message, code } };
}

function keyFor(version: string, namespace: string | undefined, plural: string, name: string): string {
  return `${version} ${namespace ?? '-'} ${plural} ${name}`;
}

function withUid(object: KubeObject, uid?: string): KubeObject {
  uids += 1;
  return { ...object, metadata: { ...object.metadata, uid: uid ?? object.metadata?.uid ?? `uid-${uids}` } };
}

/** The kubelet's side of port-forward: channel 0 carries data, channel 1 errors, each led by the port. */
function forward(api: FakeApi, request: IncomingMessage, socket: Duplex): void {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n`,
  );
  socket.write(frame(0, Buffer.from([0xfb, 0x20])));
  socket.write(frame(1, Buffer.from([0xfb, 0x20])));
  socket.on('error', () => {});
  if (api.forwardTo === undefined) {
    socket.write(frame(1, Buffer.from('connection refused')));
    return;
  }
  const target = connect(api.forwardTo, '127.0.0.1');
  target.on('error', () => socket.destroy());
  target.on('data', (data) => socket.write(frame(0, data)));
  target.on('close', () => socket.end());
  socket.on('close', () => target.destroy());
  let buffered = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let next = unmask(buffered); next !== undefined; next = unmask(buffered)) {
      buffered = buffered.subarray(next.length);
      if (next.opcode === 8) target.end();
      else if (next.payload[0] === 0) target.write(next.payload.subarray(1));
    }
  });
}

function frame(channel: number, data: Buffer): Buffer {
  const size = data.length + 1;
  const head = size < 126 ? Buffer.from([0x82, size]) : Buffer.from([0x82, 126, size >> 8, size & 0xff]);
  // Larger than one frame may be here: then it goes in pieces.
  if (size > 65535)
    return Buffer.concat([frame(channel, data.subarray(0, 60_000)), frame(channel, data.subarray(60_000))]);
  return Buffer.concat([head, Buffer.from([channel]), data]);
}

function unmask(bytes: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (bytes.length < 6) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 2 + extended) return undefined;
  const size = extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const start = 2 + extended + 4;
  if (bytes.length < start + size) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const payload = Buffer.from(bytes.subarray(start, start + size).map((byte, index) => byte ^ (mask[index & 3] ?? 0)));
  return { opcode: (bytes[0] ?? 0) & 0x0f, payload, length: start + size };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
