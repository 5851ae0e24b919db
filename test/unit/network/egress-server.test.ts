import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type EgressFacts, egressDecision } from '../../../syncer/network/egress-decision';
import { type EgressServer, startEgressServer } from '../../../syncer/network/egress-server';
import { silentLogger } from '../../../syncer/observability/logger';

let directory: string;
let socketFile: string;
let egress: EgressServer;
let accepted: { socket: Duplex; node: string }[];
let outcomes: string[];

const facts: EgressFacts = {
  nodeAt: (address) => (address === '10.96.7.1' ? 'node-1' : undefined),
  isOwn: () => false,
  isHostApi: () => false,
};
/** The real decision, but for ports of the loopback on which a test listens. */
const decide: typeof egressDecision = (host, port, known) =>
  opened.has(port) ? { kind: 'dial', host, port } : egressDecision(host, port, known);
const opened = new Set<number>();
const start = () =>
  startEgressServer(
    {
      facts,
      decide,
      logger: silentLogger,
      observe: (outcome) => void outcomes.push(outcome),
      kubelet: { accept: (socket, { node }) => void accepted.push({ socket, node }) },
    },
    { socket: socketFile, dialTimeoutMs: 300 },
  );

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sublet-egress-'));
  socketFile = join(directory, 'egress.sock');
  accepted = [];
  outcomes = [];
  egress = await start();
});
afterEach(async () => {
  await egress.close();
  await rm(directory, { recursive: true });
});

/** Sends what kube-apiserver sends, and reads the head of the answer. */
async function ask(target: string): Promise<{ readonly head: string; readonly socket: Socket }> {
  const socket = connect(socketFile);
  socket.on('error', () => {});
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  let head = '';
  while (!head.includes('\r\n\r\n')) head += String((await once(socket, 'data'))[0]);
  return { head, socket };
}

it('only the pod’s group may connect', async () => {
  expect((await stat(socketFile)).mode & 0o777).toBe(0o660);
});

it('the socket of a predecessor that was killed is replaced', async () => {
  const second = await start();
  const { head, socket } = await ask('10.96.7.1:10250');
  expect(head).toContain('200');
  socket.destroy();
  for (const { socket: handed } of accepted) handed.destroy();
  await second.close();
});

it('a node is handed to the kubelet API, with exactly the answer that kube-apiserver expects', async () => {
  const { head, socket } = await ask('10.96.7.1:10250');
  expect(head).toBe('HTTP/1.1 200 Connection established\r\n\r\n');
  expect(accepted).toMatchObject([{ node: 'node-1' }]);
  socket.write('hello');
  const [bytes] = await once(accepted[0]?.socket as Duplex, 'data');
  expect(String(bytes)).toBe('hello');
  socket.destroy();
});

it.each([
  ['127.0.0.1:8443', '127.0.0.1 is a local address'],
  ['[::1]:8443', '::1 is a local address'],
  ['8.8.8.8:443', '8.8.8.8 is not part of this cluster'],
  ['kubernetes.default.svc:443', 'kubernetes.default.svc is not an IP address'],
  ['10.96.7.1:22', 'node node-1 listens on 10250 only'],
])('%s is refused, and the status line says why', async (target, why) => {
  const { head, socket } = await ask(target);
  expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 403 Forbidden: ${why}`);
  await once(socket.resume(), 'close');
  expect(outcomes).toEqual(['refuse']);
});

describe('an address of its own', () => {
  it('is dialled, and bytes go both ways to the end', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    opened.add(port);
    const { head, socket } = await ask(`127.0.0.1:${port}`);
    expect(head).toBe('HTTP/1.1 200 Connection established\r\n\r\n');
    const sent = Buffer.alloc(5 * 1024 * 1024, 'x');
    socket.end(sent);
    let length = 0;
    for await (const piece of socket) length += piece.length;
    expect(length).toBe(sent.length);
    expect(outcomes).toEqual(['dial']);
    server.close();
  });

  it('that does not answer is a failure of the dial', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    opened.add(port);
    server.close();
    await once(server, 'close');
    const { head, socket } = await ask(`127.0.0.1:${port}`);
    expect(head).toMatch(/^HTTP\/1\.1 502 Bad Gateway: ECONNREFUSED/);
    await once(socket.resume(), 'close');
    expect(outcomes).toEqual(['failed']);
  });
});

it('anything but CONNECT is refused', async () => {
  const socket = connect(socketFile);
  socket.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [data] = await once(socket, 'data');
  expect(String(data)).toContain('405');
  socket.destroy();
});
