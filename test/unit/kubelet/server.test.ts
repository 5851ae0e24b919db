import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createAuthority } from './support/certificates';
import { get, open, upgrade } from './support/client';
import { CLIENT, type Fixture, startFixture } from './support/fixture';
import { TOKEN } from './support/host-api';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

describe('who is let in', () => {
  it('the virtual API server', async () => {
    expect(await get(fixture.asClient('/healthz'))).toMatchObject({ status: 200, body: 'ok' });
  });

  it.each([
    ['nobody without a certificate', 401, async () => ({ certificate: undefined, key: undefined })],
    ['nobody with another name', 403, () => fixture.authority.issue({ commonName: 'system:node:x' })],
    [
      'no certificate of another authority',
      401,
      async () => (await createAuthority('virtual')).issue({ commonName: CLIENT }),
    ],
    [
      'no certificate that has expired',
      401,
      () => fixture.authority.issue({ commonName: CLIENT, notAfter: new Date(Date.now() - 1000) }),
    ],
    ['no certificate for servers', 401, () => fixture.authority.issue({ commonName: CLIENT, usage: 'server' })],
  ])('%s', async (_, status, make) => {
    const { certificate: cert, key } = await make();
    expect((await get(fixture.asClient('/pods', { cert, key }))).status).toBe(status);
    const streamed = await upgrade(fixture.asClient('/exec/shop/web/main?output=1&command=x', { cert, key }));
    expect(streamed).toMatchObject({ kind: 'refused', status });
  });
});

describe('measurements', () => {
  it('are not served where the syncer may not read them on the host', async () => {
    expect((await get(fixture.asClient('/stats/summary'))).status).toBe(501);
    expect((await get(fixture.asClient('/metrics/resource'))).status).toBe(501);
  });
});

describe('pods', () => {
  it('are listed from the cache', async () => {
    const { body, headers } = await get(fixture.asClient('/pods'));
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toMatchObject({ kind: 'PodList', items: [{ metadata: { name: 'web' } }, {}] });
  });

  it('that run are listed apart', async () => {
    expect(JSON.parse((await get(fixture.asClient('/runningpods/'))).body).items).toHaveLength(1);
  });

  it('of other namespaces, UIDs or clusters do not exist', async () => {
    for (const path of [
      '/containerLogs/other/web/main',
      '/containerLogs/vcluster-team/web-x-shop-x-team/main',
      '/containerLogs/shop/web/sidecar-of-the-host',
    ]) {
      expect((await get(fixture.asClient(path))).status).toBe(404);
    }
    expect(await upgrade(fixture.asClient('/exec/shop/web/u2/main?output=1'))).toMatchObject({ status: 404 });
    expect(await upgrade(fixture.asClient('/portForward/shop/db'))).toMatchObject({ status: 404 });
  });
});

describe('logs', () => {
  it('come from the host pod, asked for as the syncer', async () => {
    let asked: IncomingMessage | undefined;
    fixture.host.onRequest = (request, response) => {
      asked = request;
      response.writeHead(200, { 'content-type': 'text/plain' }).end('one\ntwo\n');
    };
    const answer = await get(
      fixture.asClient('/containerLogs/shop/web/main?tailLines=2', {
        headers: { 'impersonate-user': 'root', 'x-remote-user': 'root' },
      }),
    );
    expect(answer).toMatchObject({ status: 200, body: 'one\ntwo\n' });
    expect(asked?.url).toBe('/api/v1/namespaces/vcluster-team/pods/web-x-shop-x-team/log?container=main&tailLines=2');
    expect(asked?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}` });
    expect(JSON.stringify(asked?.rawHeaders)).not.toContain('root');
    expect(fixture.answers).toEqual(['logs 200']);
  });

  it('arrive line by line while they are followed, and end on the host when the client leaves', async () => {
    const hostSide: { line: (text: string) => void; gone: Promise<unknown> }[] = [];
    fixture.host.onRequest = (_, response) => {
      response.writeHead(200).flushHeaders();
      hostSide.push({ line: (text) => void response.write(text), gone: once(response, 'close') });
    };
    const response = await open(fixture.asClient('/containerLogs/shop/web/main?follow=true'));
    const lines = response[Symbol.asyncIterator]();
    for (const text of ['first\n', 'second\n']) {
      hostSide[0]?.line(text);
      expect(String((await lines.next()).value)).toBe(text);
    }
    response.destroy();
    await hostSide[0]?.gone;
  });

  it('that break off on the host do not look complete', async () => {
    fixture.host.onRequest = (_, response) => {
      response.writeHead(200).write('half', () => response.destroy());
    };
    await expect(get(fixture.asClient('/containerLogs/shop/web/main'))).rejects.toThrow('aborted');
  });

  it('that the host refuses are refused in the tenant’s names', async () => {
    const message = 'container "main" in pod "web-x-shop-x-team" is waiting to start: ContainerCreating';
    fixture.host.onRequest = (_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', message, reason: 'BadRequest', code: 400 }));
    };
    expect(await get(fixture.asClient('/containerLogs/shop/web/main'))).toMatchObject({
      status: 400,
      body: 'container "main" in pod "web" is waiting to start: ContainerCreating\n',
    });
  });

  it('can’t be had from a host that is gone', async () => {
    await fixture.host.close();
    expect((await get(fixture.asClient('/containerLogs/shop/web/main'))).status).toBe(502);
  });
});

describe('connections that come another way', () => {
  /** A raw connection, handed over for `node`, and the TLS client on it. */
  const handOver = async (node: string) => {
    const front = createServer((socket) => fixture.kubelet.accept(socket, { node })).listen(0, '127.0.0.1');
    await once(front, 'listening');
    const raw: Socket = connect((front.address() as AddressInfo).port, '127.0.0.1');
    await once(front, 'connection');
    front.close();
    const { certificate: cert, key } = fixture.client;
    return connectTls({ socket: raw, host: '127.0.0.1', ca: fixture.authority.certificate, cert, key });
  };

  it.each(['a', 'b'])('are served on behalf of their node %s', async (node) => {
    const socket = await handOver(node);
    const { body } = await get(fixture.asClient('/pods', { createConnection: () => socket }));
    expect(JSON.parse(body).items[0].metadata.labels).toEqual({ node });
  });

  it('upgrade like all others', async () => {
    fixture.host.onUpgrade = (_, socket) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: SPDY/3.1\r\nConnection: Upgrade\r\n\r\nbye');
    };
    const socket = await handOver('a');
    const answer = await upgrade(
      fixture.asClient('/exec/shop/web/main?output=1&command=x', { createConnection: () => socket }),
    );
    if (answer.kind !== 'switched') throw new Error('refused');
    const pieces = [answer.head];
    for await (const piece of answer.socket) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('bye');
  });

  it('that don’t speak TLS are closed', async () => {
    const front = createServer((socket) => fixture.kubelet.accept(socket, { node: 'a' })).listen(0, '127.0.0.1');
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
    const socket = connectTls({ host: '127.0.0.1', port: fixture.kubelet.port, ca: fixture.authority.certificate });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };
  const before = await fingerprint();
  await fixture.renew();
  expect(await fingerprint()).not.toBe(before);
});
