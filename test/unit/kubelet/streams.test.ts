import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { eventually } from '../../support/eventually';
import { get, upgrade } from './support/client';
import { type Fixture, startFixture } from './support/fixture';
import { TOKEN } from './support/host-api';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

describe('streams', () => {
  /** The host switches protocols and hands its side to `use`. */
  const hostSwitches = (use: (socket: Duplex, request: IncomingMessage) => void, first = ''): void => {
    fixture.host.onUpgrade = (request, socket) => {
      socket.on('error', () => {});
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: SPDY/3.1\r\nConnection: Upgrade\r\nX-Answer: yes\r\n\r\n${first}`,
      );
      use(socket, request);
    };
  };
  const switched = async (path: string, more: RequestOptions = {}) => {
    const answer = await upgrade(fixture.asClient(path, more));
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
    expect((await get(fixture.asClient('/exec/shop/web/main?output=1', { method: 'POST' }))).status).toBe(400);
  });

  it('that the host refuses are refused as a kubelet would', async () => {
    fixture.host.onUpgrade = (_, socket) => {
      const body = 'container not found ("main")';
      socket.end(
        `HTTP/1.1 500 Internal Server Error\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
    };
    expect(await upgrade(fixture.asClient('/exec/shop/web/main?output=1&command=x'))).toMatchObject({
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
    await fixture.kubelet.close();
    await closed;
    expect(fixture.host.connections.size).toBeLessThanOrEqual(1);
  });
});
