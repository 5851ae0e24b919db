import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Api, createApi } from '../../../../cli/kube/api';
import { askTunnel } from '../../../../cli/tunnel/control';
import { type ServeOptions, serveTunnel } from '../../../../cli/tunnel/serve';
import { ensureTunnel, findTunnel, stopTunnels } from '../../../../cli/tunnel/start';
import { listTunnels, tunnelFiles, writeTunnelState } from '../../../../cli/tunnel/state';
import { controlPlaneLabels } from '../../../../lib/contract';
import { type FakeApi, startFakeApi } from '../support/fake-api';
import { statefulSet } from '../support/objects';

let directory: string;
let fake: FakeApi;
let api: Api;
let echo: Server;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sublet-test-'));
  fake = await startFakeApi();
  api = createApi(fake.context);
  fake.put(statefulSet('a', 'teams'), 'statefulsets');
  fake.put(readyPod('a-0'), 'pods');
  echo = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((done) => echo.listen(0, '127.0.0.1', done));
  fake.forwardTo = (echo.address() as AddressInfo).port;
});
afterEach(async () => {
  api.close();
  await fake[Symbol.asyncDispose]();
  echo.close();
  await rm(directory, { recursive: true });
});

const readyPod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'teams', labels: controlPlaneLabels('a') },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});
const target = () => ({ cluster: 'a', namespace: 'teams', hostServer: api.server });

/** Runs a tunnel and waits until it takes connections. */
async function run(over: Partial<ServeOptions> = {}) {
  const log: string[] = [];
  const stop = new AbortController();
  let ended: Promise<string> = Promise.resolve('');
  const port = await new Promise<number>((resolve, reject) => {
    ended = serveTunnel({
      api,
      name: 'a',
      namespace: 'teams',
      directory,
      signal: stop.signal,
      log: (text) => log.push(text),
      onReady: resolve,
      checkMs: 50,
      ...over,
    });
    ended.catch(reject);
  });
  return { port, ended, log, stop };
}

async function roundTrip(port: number, data: Buffer): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  let left = data.length;
  const whole = buffer(
    (async function* () {
      for await (const chunk of socket) {
        yield chunk;
        left -= chunk.length;
        if (left === 0) return;
      }
    })(),
  );
  socket.write(data);
  return whole;
}

describe('a tunnel', () => {
  it('carries many connections at once, each byte in order', async () => {
    const { port, stop, ended } = await run();
    const payloads = [1, 200, 70_000, 1_000_000].map((size) => Buffer.alloc(size, size % 251));
    const answers = await Promise.all(payloads.map((payload) => roundTrip(port, payload)));
    expect(answers.map((answer, index) => answer.equals(payloads[index] ?? Buffer.alloc(0)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    stop.abort();
    expect(await ended).toBe('told to stop');
  });

  it('lets a connection wait while the control plane restarts', async () => {
    fake.objects.delete('v1 teams pods a-0');
    const { port, stop, ended } = await run();
    const answer = roundTrip(port, Buffer.from('hello'));
    fake.put(readyPod('a-0'), 'pods');
    expect(String(await answer)).toBe('hello');
    stop.abort();
    await ended;
  });

  it('ends the connection that the pod refuses, and says why in its log', async () => {
    fake.forwardTo = undefined;
    const { port, stop, ended, log } = await run();
    const socket = connect(port, '127.0.0.1');
    socket.write('x');
    await buffer(socket);
    expect(log).toContain('connection failed: connection refused');
    stop.abort();
    await ended;
  });

  it('is found while it runs, stops when told, and leaves no file', async () => {
    const { port, ended } = await run();
    expect(await findTunnel(directory, target())).toBe(port);
    expect((await listTunnels(directory)).map(({ state }) => state)).toEqual([
      expect.objectContaining({ cluster: 'a', port, pid: process.pid, hostContext: 'fake' }),
    ]);
    expect(await stopTunnels(directory, ({ cluster }) => cluster === 'b')).toBe(0);
    expect(await stopTunnels(directory, ({ cluster }) => cluster === 'a')).toBe(1);
    expect(await ended).toBe('told to stop');
    expect(await readdir(directory)).toEqual([]);
  });

  it('is not run twice', async () => {
    const { stop, ended } = await run();
    await expect(run()).rejects.toMatchObject({ code: 'USAGE' });
    stop.abort();
    await ended;
  });

  it.each([
    ['is gone', () => fake.objects.delete('apps/v1 teams statefulsets a'), 'the virtual cluster is gone'],
    [
      'was replaced',
      () => fake.put(statefulSet('a', 'teams'), 'statefulsets'),
      'the virtual cluster was replaced by another',
    ],
  ])('ends when its virtual cluster %s', async (_name, change, reason) => {
    const { ended } = await run();
    while (!fake.seen.some(({ path }) => path.endsWith('/statefulsets/a'))) await new Promise(setImmediate);
    change();
    expect(await ended).toBe(reason);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('starting a tunnel', () => {
  const command = (script: string) => [process.execPath, '-e', script] as const;
  const start = (script: string) =>
    ensureTunnel({ directory, target: target(), command: command(script), env: process.env });

  it('uses the one that runs', async () => {
    const { port, stop, ended } = await run();
    expect(await start('process.exit(1)')).toEqual({ port, reused: true });
    stop.abort();
    await ended;
  });

  it('takes the port that the new process tells', async () => {
    expect(await start('process.send({ port: 4711 }, () => process.exit())')).toEqual({ port: 4711, reused: false });
  });

  it.each([
    ['what it says', 'process.send({ error: "no rights" }, () => process.exit(1))', /no rights/],
    ['its exit code', 'process.exit(7)', /exit code 7/],
  ])('passes on %s when it fails', async (_name, script, message) => {
    await expect(start(script)).rejects.toMatchObject({
      code: 'API_UNREACHABLE',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('.log'),
    });
  });

  it('clears away what a killed tunnel left', async () => {
    const files = tunnelFiles(directory, target());
    await writeTunnelState(files.state, {
      version: 1,
      ...target(),
      hostContext: 'fake',
      pid: 999_999,
      port: 1,
      startedAt: new Date(0).toISOString(),
      log: files.log,
    });
    await writeFile(files.socket, '');
    expect(await askTunnel(files.socket, 'status')).toBeUndefined();
    expect(await stopTunnels(directory, () => true)).toBe(0);
    expect(await readdir(directory)).toEqual([]);
  });
});
