import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { joinSockets } from '../../../syncer/kubelet/join-sockets';

/** Two connected sockets. */
async function socketPair(): Promise<readonly [Socket, Socket]> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const [[far]] = await Promise.all([once(server, 'connection') as Promise<[Socket]>, once(near, 'connect')]);
  server.close();
  for (const socket of [near, far]) socket.on('error', () => {});
  return [near, far];
}

/** client ⇄ left | joined | right ⇄ target */
async function joined(lingerMs = 30_000) {
  const [client, left] = await socketPair();
  const [right, target] = await socketPair();
  const done = joinSockets(left, right, { lingerMs });
  return { client, left, right, target, done };
}

async function readAll(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket.iterator({ destroyOnReturn: false })) pieces.push(piece);
  return Buffer.concat(pieces);
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('joined sockets', () => {
  it('carry bytes both ways, and the end of one direction leaves the other open', async () => {
    const { client, target, done } = await joined();
    client.end('question');
    expect((await readAll(target)).toString()).toBe('question');
    target.end('answer');
    expect((await readAll(client)).toString()).toBe('answer');
    await done;
  });

  it('lose nothing of what was sent before the end, however slow the reader is', async () => {
    const { client, target, done } = await joined();
    const bytes = randomBytes(20 * 1024 * 1024);
    target.end(bytes);
    client.pause();
    await new Promise((resolve) => setImmediate(resolve));
    const [received] = await Promise.all([readAll(client), once(target, 'finish')]);
    expect(digest(received)).toBe(digest(bytes));
    client.end();
    await done;
  });

  it('take no more from one side than the other gives way for', async () => {
    const { client, left, right, target } = await joined();
    client.pause();
    target.write(randomBytes(64 * 1024 * 1024));
    while (!right.isPaused()) await new Promise((resolve) => setImmediate(resolve));
    expect(left.writableLength + right.readableLength).toBeLessThan(4 * 1024 * 1024);
    for (const socket of [client, left, right, target]) socket.destroy();
  }, 10_000);

  it('deliver what had come when a side breaks, and then end the other', async () => {
    const { client, target, right, done } = await joined();
    const received = readAll(client);
    target.write('last words');
    await once(right, 'data');
    target.resetAndDestroy();
    expect((await received).toString()).toBe('last words');
    client.end();
    await done;
  });

  it('give up on a side that stays silent after the other has ended', async () => {
    const { client, target, done } = await joined(50);
    target.resume();
    client.end();
    await done;
    expect(client.destroyed || target.destroyed || target.readableEnded).toBe(true);
    for (const socket of [client, target]) socket.destroy();
  });
});
