import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { type KubeletServer, startKubeletServer } from '../../../syncer/kubelet/server';
import type { ServingMaterial } from '../../../syncer/kubelet/types';
import { silentLogger } from '../../../syncer/observability/logger';
import { eventually } from '../../support/eventually';
import { type Authority, createAuthority, type Pair } from './support/certificates';
import { get, open, upgrade } from './support/client';
import { type HostApiServer, startHostApi, TOKEN } from './support/host-api';

const CLIENT = 'kube-apiserver-kubelet-client';
const HOSTED = { hostName: 'web-x-shop-x-team', hostNamespace: 'vcluster-team', containers: ['main', 'init'] };

let authority: Authority;
let client: Pair;
let material: ServingMaterial;
let replaced: () => void;
let host: HostApiServer;
let kubelet: KubeletServer;
let answers: string[];

const asClient = (path: string, more: RequestOptions = {}): RequestOptions => ({
  host: '127.0.0.1',
  port: kubelet.port,
  path,
  ca: authority.certificate,
  cert: client.certificate,
  key: client.key,
  ...more,
});
const serving = async (): Promise<ServingMaterial> => ({
  ...(await authority.issue({ commonName: 'kubelet', addresses: ['127.0.0.1'], usage: 'server' })),
  clientAuthority: authority.certificate,
});

beforeAll(async () => {
  authority = await createAuthority('virtual');
  client = await authority.issue({ commonName: CLIENT });
});
beforeEach(async () => {
  material = await serving();
  host = await startHostApi();
  answers = [];
  kubelet = await startKubeletServer(
    {
      host: host.api,
      logger: silentLogger,
      observe: (verb, status) => void answers.push(`${verb} ${status}`),
      certificates: {
        current: () => material,
        subscribe(listener) {
          replaced = listener;
          return () => {};
        },
      },
      pods: {
        find: (namespace, name, uid) =>
          namespace === 'shop' && name === 'web' && (uid === undefined || uid === 'u1') ? HOSTED : undefined,
        list: (node) =>
          [
            {
              metadata: { name: 'web', namespace: 'shop', labels: { node: node ?? 'any' } },
              status: { phase: 'Running' },
            },
            { metadata: { name: 'new', namespace: 'shop' }, status: { phase: 'Pending' } },
          ] as const,
      },
    },
    { port: 0, host: '127.0.0.1' },
  );
});
afterEach(async () => {
  await kubelet.close();
  await host.close();
});

describe('who is let in', () => {
  it('the virtual API server', async () => {
    expect(await get(asClient('/healthz'))).toMatchObject({ status: 200, body: 'ok' });
  });

  it.each([
    ['nobody without a certificate', 401, async () => ({ certificate: undefined, key: undefined })],
    ['nobody with another name', 403, () => authority.issue({ commonName: 'system:node:x' })],
    [
      'no certificate of another authority',
      401,
      async () => (await createAuthority('virtual')).issue({ commonName: CLIENT }),
    ],
    [
      'no certificate that has expired',
      401,
      () => authority.issue({ commonName: CLIENT, notAfter: new Date(Date.now() - 1000) }),
    ],
    ['no certificate for servers', 401, () => authority.issue({ commonName: CLIENT, usage: 'server' })],
  ])('%s', async (_, status, make) => {
    const { certificate: cert, key } = await make();
    expect((await get(asClient('/pods', { cert, key }))).status).toBe(status);
    const streamed = await upgrade(asClient('/exec/shop/web/main?output=1&command=x', { cert, key }));
    expect(streamed).toMatchObject({ kind: 'refused', status });
  });
});

describe('pods', () => {
  it('are listed from the cache', async () => {
    const { body, headers } = await get(asClient('/pods'));
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toMatchObject({ kind: 'PodList', items: [{ metadata: { name: 'web' } }, {}] });
  });

  it('that run are listed apart', async () => {
    expect(JSON.parse((await get(asClient('/runningpods/'))).body).items).toHaveLength(1);
  });

  it('of other namespaces, UIDs or clusters do not exist', async () => {
    for (const path of [
      '/containerLogs/other/web/main',
      '/containerLogs/vcluster-team/web-x-shop-x-team/main',
      '/containerLogs/shop/web/sidecar-of-the-host',
    ]) {
      expect((await get(asClient(path))).status).toBe(404);
    }
    expect(await upgrade(asClient('/exec/shop/web/u2/main?output=1'))).toMatchObject({ status: 404 });
    expect(await upgrade(asClient('/portForward/shop/db'))).toMatchObject({ status: 404 });
  });
});

describe('logs', () => {
  it('come from the host pod, asked for as the syncer', async () => {
    let asked: IncomingMessage | undefined;
    host.onRequest = (request, response) => {
      asked = request;
      response.writeHead(200, { 'content-type': 'text/plain' }).end('one\ntwo\n');
    };
    const answer = await get(
      asClient('/containerLogs/shop/web/main?tailLines=2', {
        headers: { 'impersonate-user': 'root', 'x-remote-user': 'root' },
      }),
    );
    expect(answer).toMatchObject({ status: 200, body: 'one\ntwo\n' });
    expect(asked?.url).toBe('/api/v1/namespaces/vcluster-team/pods/web-x-shop-x-team/log?container=main&tailLines=2');
    expect(asked?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}` });
    expect(JSON.stringify(asked?.rawHeaders)).not.toContain('root');
    expect(answers).toEqual(['logs 200']);
  });

  it('arrive line by line while they are followed, and end on the host when the client leaves', async () => {
    const hostSide: { line: (text: string) => void; gone: Promise<unknown> }[] = [];
    host.onRequest = (_, response) => {
      response.writeHead(200).flushHeaders();
      hostSide.push({ line: (text) => void response.write(text), gone: once(response, 'close') });
    };
    const response = await open(asClient('/containerLogs/shop/web/main?follow=true'));
    const lines = response[Symbol.asyncIterator]();
    for (const text of ['first\n', 'second\n']) {
      hostSide[0]?.line(text);
      expect(String((await lines.next()).value)).toBe(text);
    }
    response.destroy();
    await hostSide[0]?.gone;
  });

  it('that break off on the host do not look complete', async () => {
    host.onRequest = (_, response) => {
      response.writeHead(200).write('half', () => response.destroy());
    };
    await expect(get(asClient('/containerLogs/shop/web/main'))).rejects.toThrow('aborted');
  });

  it('that the host refuses are refused in the tenant’s names', async () => {
    const message = 'container "main" in pod "web-x-shop-x-team" is waiting to start: ContainerCreating';
    host.onRequest = (_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', message, reason: 'BadRequest', code: 400 }));
    };
    expect(await get(asClient('/containerLogs/shop/web/main'))).toMatchObject({
      status: 400,
      body: 'container "main" in pod "web" is waiting to start: ContainerCreating\n',
    });
  });

  it('can’t be had from a host that is gone', async () => {
    await host.close();
    expect((await get(asClient('/containerLogs/shop/web/main'))).status).toBe(502);
  });
});

describe('streams', () => {
  /** The host switches protocols and hands its side to `use`. */
  const hostSwitches = (use: (socket: Duplex, request: IncomingMessage) => void, first = ''): void => {
    host.onUpgrade = (request, socket) => {
      socket.on('error', () => {});
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: SPDY/3.1\r\nConnection: Upgrade\r\nX-Answer: yes\r\n\r\n${first}`,
      );
      use(socket, request);
    };
  };
  const switched = async (path: string, more: RequestOptions = {}) => {
    const answer = await upgrade(asClient(path, more));
    if (answer.kind !== 'switched') throw new Error(`refused: ${answer.status} ${answer.body}`);
    return answer;
  };

  it('keep their method, their protocols and their order, and lose every identity', async () => {
    let asked: IncomingMessage | undefined;
    hostSwitches((socket, request) => {
      asked = request;
      socket.end();
    });
    const { response, socket } = await switched(
      '/exec/shop/web/u1/main?command=sh&command=-c&command=a%20b&output=1&tty=1',
      {
        headers: {
          'x-stream-protocol-version': ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
          authorization: 'Bearer forged',
          'impersonate-user': 'forged',
          'x-remote-group': 'forged',
        },
      },
    );
    expect(asked?.method).toBe('POST');
    expect(asked?.url).toBe(
      '/api/v1/namespaces/vcluster-team/pods/web-x-shop-x-team/exec?container=main&stdin=false&stdout=true&stderr=false&tty=true&command=sh&command=-c&command=a%20b',
    );
    const raw = asked?.rawHeaders ?? [];
    expect(raw.filter((_, index) => /^x-stream-protocol-version$/i.test(raw[index - 1] ?? ''))).toEqual([
      'v5.channel.k8s.io',
      'v4.channel.k8s.io',
    ]);
    expect(raw.join('\n')).not.toContain('forged');
    expect(asked?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(response.headers).toMatchObject({ upgrade: 'SPDY/3.1', 'x-answer': 'yes' });
    socket.destroy();
  });

  it('may be WebSockets', async () => {
    let asked: IncomingMessage | undefined;
    hostSwitches((socket, request) => {
      asked = request;
      socket.end();
    });
    const { socket } = await switched('/portForward/shop/web?port=80,81', {
      method: 'GET',
      headers: {
        upgrade: 'websocket',
        'sec-websocket-key': 'a2V5',
        'sec-websocket-version': '13',
        'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io, base64url.bearer.authorization.k8s.io.Zm9yZ2Vk',
      },
    });
    expect(asked).toMatchObject({
      method: 'GET',
      url: '/api/v1/namespaces/vcluster-team/pods/web-x-shop-x-team/portforward?ports=80&ports=81',
      headers: {
        upgrade: 'websocket',
        'sec-websocket-key': 'a2V5',
        'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io',
      },
    });
    socket.destroy();
  });

  it('carry 20 MB there and back, with what was sent before the answer', async () => {
    const bytes = randomBytes(20 * 1024 * 1024);
    hostSwitches((socket) => socket.pipe(socket), 'hello');
    const { socket, head } = await switched('/attach/shop/web/main?input=1&output=1');
    socket.end(bytes);
    const pieces = [head];
    for await (const piece of socket) pieces.push(piece);
    const received = Buffer.concat(pieces);
    expect(received.subarray(0, 5).toString()).toBe('hello');
    expect(createHash('sha256').update(received.subarray(5)).digest('hex')).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
  });

  it('deliver the last bytes when the host ends at once', async () => {
    const last = randomBytes(3 * 1024 * 1024);
    hostSwitches((socket) => socket.end(last));
    const { socket, head } = await switched('/exec/shop/web/main?output=1&command=x');
    const pieces = [head];
    for await (const piece of socket) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(last)).toBe(true);
  });

  it('end on the host when the client is killed', async () => {
    const sockets: Duplex[] = [];
    hostSwitches((socket) => {
      sockets.push(socket);
      socket.resume().on('end', () => socket.end());
    });
    const { socket } = await switched('/exec/shop/web/main?input=1&command=cat');
    socket.destroy();
    await eventually(() => sockets[0]?.destroyed, { what: 'the host side to close', timeoutMs: 4000, everyMs: 10 });
  });

  it('need an upgrade', async () => {
    expect((await get(asClient('/exec/shop/web/main?output=1', { method: 'POST' }))).status).toBe(400);
  });

  it('that the host refuses are refused as a kubelet would', async () => {
    host.onUpgrade = (_, socket) => {
      const body = 'container not found ("main")';
      socket.end(
        `HTTP/1.1 500 Internal Server Error\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
    };
    expect(await upgrade(asClient('/exec/shop/web/main?output=1&command=x'))).toMatchObject({
      kind: 'refused',
      status: 500,
      body: 'container not found ("main")\n',
    });
  });

  it('take a command line of 200 kB', async () => {
    hostSwitches((socket, request) => socket.end(String(request.url?.length)));
    const { socket, head } = await switched(`/exec/shop/web/main?output=1&command=${'x'.repeat(200_000)}`);
    const pieces = [head];
    for await (const piece of socket) pieces.push(piece);
    expect(Number(Buffer.concat(pieces).toString())).toBeGreaterThan(200_000);
  });

  it('are cut off when the server closes', async () => {
    hostSwitches((socket) => socket.resume());
    const { socket } = await switched('/exec/shop/web/main?input=1&command=cat');
    const closed = once(socket, 'close');
    socket.resume();
    await kubelet.close();
    await closed;
    expect(host.connections.size).toBeLessThanOrEqual(1);
  });
});

describe('connections that come another way', () => {
  /** A raw connection, handed over for `node`, and the TLS client on it. */
  const handOver = async (node: string) => {
    const front = createServer((socket) => kubelet.accept(socket, { node })).listen(0, '127.0.0.1');
    await once(front, 'listening');
    const raw: Socket = connect((front.address() as AddressInfo).port, '127.0.0.1');
    await once(front, 'connection');
    front.close();
    return connectTls({
      socket: raw,
      host: '127.0.0.1',
      ca: authority.certificate,
      cert: client.certificate,
      key: client.key,
    });
  };

  it.each(['a', 'b'])('are served on behalf of their node %s', async (node) => {
    const socket = await handOver(node);
    const { body } = await get(asClient('/pods', { createConnection: () => socket }));
    expect(JSON.parse(body).items[0].metadata.labels).toEqual({ node });
  });

  it('upgrade like all others', async () => {
    host.onUpgrade = (_, socket) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: SPDY/3.1\r\nConnection: Upgrade\r\n\r\nbye');
    };
    const socket = await handOver('a');
    const answer = await upgrade(
      asClient('/exec/shop/web/main?output=1&command=x', { createConnection: () => socket }),
    );
    if (answer.kind !== 'switched') throw new Error('refused');
    const pieces = [answer.head];
    for await (const piece of answer.socket) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('bye');
  });

  it('that don’t speak TLS are closed', async () => {
    const front = createServer((socket) => kubelet.accept(socket, { node: 'a' })).listen(0, '127.0.0.1');
    await once(front, 'listening');
    const raw = connect((front.address() as AddressInfo).port, '127.0.0.1');
    await once(front, 'connection');
    front.close();
    raw.on('error', () => {});
    raw.write('GET /pods HTTP/1.1\r\n\r\n');
    await once(raw.resume(), 'close');
  });
});

it('a new serving certificate is used from the next connection on', async () => {
  const fingerprint = async () => {
    const socket = connectTls({ host: '127.0.0.1', port: kubelet.port, ca: authority.certificate });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };
  const before = await fingerprint();
  material = await serving();
  replaced();
  expect(await fingerprint()).not.toBe(before);
});
