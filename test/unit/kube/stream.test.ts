import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { createKubeClient } from '../../../syncer/kube/client';
import { failure, type Loopback, reply, serve } from './support/loopback';

let api: Loopback;
let client: ReturnType<typeof createKubeClient>;

beforeEach(async () => {
  api = await serve((request, response) => {
    if (request.url === '/logs') response.end('line 1\nline 2\n');
    else if (request.url === '/slow') setTimeout(() => response.end('late'), 50);
    else if (request.url === '/follow') response.writeHead(200).flushHeaders();
    else reply(response, 403, failure(403, 'Forbidden'));
  });
  api.server.on('upgrade', (request, socket: Socket) => {
    const protocols = request.rawHeaders.filter((_, i) => request.rawHeaders[i - 1] === 'X-Stream-Protocol-Version');
    const head = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Seen: ${request.method} ${protocols.join()} ${request.headers.authorization}\r\n\r\n`;
    socket.write(`${head}early`);
    socket.on('data', (data) => socket.write(data));
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
  });
  client = createKubeClient({ server: api.url, token: async () => 'hunter2' });
});
afterEach(async () => {
  client.close();
  await api[Symbol.asyncDispose]();
});

describe('a stream', () => {
  it('passes on what the server sends', async () => {
    await expect(text(await client.stream('/logs'))).resolves.toBe('line 1\nline 2\n');
  });

  it('that is refused is an error with its status', async () => {
    await expect(client.stream('/secret')).rejects.toMatchObject({ code: 'API_FORBIDDEN', status: 403 });
  });

  it('must begin in time, unless it may take as long as it likes', async () => {
    await expect(client.stream('/slow', { timeoutMs: 5 })).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
    const patient = await client.stream('/slow', { timeoutMs: Number.POSITIVE_INFINITY });
    await expect(text(patient)).resolves.toBe('late');
  });

  it('ends when its caller says so', async () => {
    const stop = new AbortController();
    const stream = await client.stream('/follow', { signal: stop.signal });
    const closed = new Promise((resolve) => stream.on('close', resolve));
    stop.abort();
    await closed;
  });
});

describe('an upgraded connection', () => {
  const headers = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'X-Stream-Protocol-Version': ['v5', 'v4'] };

  it('keeps the method, repeated headers and what came early, and speaks freely afterwards', async () => {
    const { response, socket, head } = await client.upgrade('/exec', headers, { method: 'POST' });
    expect(response.headers['x-seen']).toBe('POST v5,v4 Bearer hunter2');
    const received = head.length > 0 ? head.toString() : await next(socket);
    expect(received).toBe('early');
    socket.write('hello');
    expect(await next(socket)).toBe('hello');
    socket.destroy();
  });

  it('never carries credentials of the caller instead of ours', async () => {
    const { response, socket } = await client.upgrade('/exec', { ...headers, authorization: 'Bearer stolen' });
    expect(response.headers['x-seen']).toContain('Bearer hunter2');
    socket.destroy();
  });

  it('ends when its caller says so', async () => {
    const stop = new AbortController();
    const { socket } = await client.upgrade('/exec', headers, { signal: stop.signal });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    stop.abort();
    await closed;
  });

  it('that breaks before anybody listens does not end the process', async () => {
    const { socket } = await client.upgrade('/exec', headers);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    api.breakAll();
    socket.resume();
    await closed;
  });

  it('is an error where the server goes on in HTTP', async () => {
    api.server.removeAllListeners('upgrade');
    await expect(client.upgrade('/logs', headers)).rejects.toMatchObject({ code: 'API_ERROR' });
    await expect(client.upgrade('/secret', headers)).rejects.toMatchObject({ code: 'API_FORBIDDEN' });
  });
});

function next(socket: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => socket.once('data', (data: Buffer) => resolve(data.toString())));
}
