import type { IncomingMessage, ServerResponse } from 'node:http';
import { createKubeClient } from '../../../syncer/kube/client';
import { RESOURCES } from '../../../syncer/kube/resources';
import { makeCertificates } from './support/certificates';
import { failure, type Loopback, reply, serve } from './support/loopback';
import { until } from './support/until';

const pod = { metadata: { name: 'web', namespace: 'a', uid: 'u1', resourceVersion: '1' } };
type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

let api: Loopback;
let handler: Handler;
let seen: string[];
let client: ReturnType<typeof createKubeClient>;

beforeEach(async () => {
  seen = [];
  api = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    void handler(request, response);
  });
  client = createKubeClient({ server: api.url, token: async () => 'hunter2' });
});
afterEach(async () => {
  client.close();
  await api[Symbol.asyncDispose]();
});

/** Answers in turn; the last answer is repeated. */
const answers = (...list: Handler[]): Handler => {
  let turn = 0;
  return (request, response) => list[Math.min(turn++, list.length - 1)]?.(request, response);
};
const json =
  (status: number, body: unknown, headers = {}): Handler =>
  (_, response) =>
    reply(response, status, body, headers);

describe('connections', () => {
  it('are kept: 300 requests in a row take one', async () => {
    handler = json(200, pod);
    for (let i = 0; i < 300; i += 1) await client.get(RESOURCES.pods, 'a', 'web');
    expect(api.connections).toBe(1);
  });

  it('are few, however many requests there are, and watches take none of theirs', async () => {
    handler = (request, response) => {
      if (request.url?.includes('watch=true')) response.writeHead(200).flushHeaders();
      else setImmediate(() => reply(response, 200, pod));
    };
    const watching = new AbortController();
    const watches = Array.from({ length: 40 }, async () => {
      const query = { timeoutSeconds: 300, resourceVersion: '1' };
      for await (const _ of client.watch(RESOURCES.pods, query, watching));
    });
    await until(() => api.connections === 40);
    await Promise.all(Array.from({ length: 200 }, () => client.get(RESOURCES.pods, 'a', 'web')));
    expect(api.connections).toBeLessThanOrEqual(40 + 32);
    watching.abort();
    await Promise.all(watches);
  });

  it('that the server closed while idle cost no request', async () => {
    handler = json(200, pod);
    await client.get(RESOURCES.pods, 'a', 'web');
    api.breakAll();
    await expect(client.get(RESOURCES.pods, 'a', 'web')).resolves.toEqual(pod);
  });

  it('are verified and authenticated by certificates', async () => {
    const { ca, server, client: identity } = await makeCertificates();
    const tls = { ...server, ca, requestCert: true, rejectUnauthorized: true };
    await using secure = await serve((_, response) => reply(response, 200, { ok: true }), tls);
    const known = createKubeClient({
      server: secure.url,
      ca,
      clientCertificate: identity.cert,
      clientKey: identity.key,
    });
    const stranger = createKubeClient({
      server: secure.url,
      clientCertificate: identity.cert,
      clientKey: identity.key,
    });
    const anonymous = createKubeClient({ server: secure.url, ca });
    await expect(known.raw('/version')).resolves.toEqual({ ok: true });
    await expect(stranger.raw('/version')).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
    await expect(anonymous.raw('/version')).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
    for (const each of [known, stranger, anonymous]) each.close();
  });
});

describe('an unreachable server', () => {
  const unreachable = { code: 'API_UNREACHABLE' };

  it('is told apart from a refusal, without the token in the message', async () => {
    await api[Symbol.asyncDispose]();
    const error = await client.get(RESOURCES.pods, 'a', 'web').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ ...unreachable, message: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });

  it('is one that does not answer in time', async () => {
    handler = () => undefined;
    await expect(client.get(RESOURCES.pods, 'a', 'web', { timeoutMs: 30 })).rejects.toMatchObject(unreachable);
  });

  it('is one that stops in the middle of an answer', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"met');
      setTimeout(() => response.destroy(), 5);
    };
    await expect(client.get(RESOURCES.pods, 'a', 'web')).rejects.toMatchObject(unreachable);
  });

  it('is one that answers slower than the time allows, bytes trickling in', async () => {
    handler = (_, response) => {
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drip));
    };
    await expect(client.get(RESOURCES.pods, 'a', 'web', { timeoutMs: 60 })).rejects.toMatchObject(unreachable);
  });

  it('is not one whose caller gave up', async () => {
    handler = () => undefined;
    const giveUp = new AbortController();
    const request = client.get(RESOURCES.pods, 'a', 'web', { signal: giveUp.signal });
    await until(() => seen.length === 1);
    giveUp.abort();
    await expect(request).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('a rotated token', () => {
  it('gets a second chance, once', async () => {
    const asked: (string | undefined)[] = [];
    const tokens = createKubeClient({
      server: api.url,
      token: async (rejected) => {
        asked.push(rejected);
        return rejected === undefined ? 'old' : 'new';
      },
    });
    handler = (request, response) =>
      request.headers.authorization === 'Bearer new'
        ? reply(response, 200, pod)
        : reply(response, 401, failure(401, 'Unauthorized'));
    await expect(tokens.get(RESOURCES.pods, 'a', 'web')).resolves.toEqual(pod);
    expect(asked).toEqual([undefined, 'old']);
    tokens.close();
  });

  it('that is refused as well is an error', async () => {
    handler = json(401, failure(401, 'Unauthorized'));
    await expect(client.get(RESOURCES.pods, 'a', 'web')).rejects.toMatchObject({ code: 'API_FORBIDDEN', status: 401 });
    expect(seen).toHaveLength(1);
  });
});

describe('a busy server', () => {
  const busy = (status: number) => json(status, failure(status, 'Busy'), { 'retry-after': '0' });

  it.each([429, 503])('is asked again when it says %i and when to come back', async (status) => {
    handler = answers(busy(status), busy(status), json(200, pod));
    await expect(client.get(RESOURCES.pods, 'a', 'web')).resolves.toEqual(pod);
    expect(seen).toHaveLength(3);
  });

  it('is not asked for ever', async () => {
    handler = busy(429);
    await expect(client.get(RESOURCES.pods, 'a', 'web')).rejects.toMatchObject({ status: 429 });
    expect(seen).toHaveLength(5);
  });

  it('is not waited for longer than the request may take', async () => {
    handler = json(429, failure(429, 'Busy'), { 'retry-after': '60' });
    await expect(client.get(RESOURCES.pods, 'a', 'web')).rejects.toMatchObject({ status: 429, retryAfterSeconds: 60 });
    expect(seen).toHaveLength(1);
  });

  it('may have done what was asked before it said 503, so a creation is not repeated', async () => {
    handler = answers(busy(429), busy(503), json(201, pod));
    await expect(client.create(RESOURCES.pods, 'a', pod)).rejects.toMatchObject({ status: 503 });
    expect(seen).toHaveLength(2);
  });

  it('refuses an eviction by 429, which is an answer', async () => {
    handler = busy(429);
    await expect(client.post(RESOURCES.pods, 'a', 'web', 'eviction', {})).rejects.toMatchObject({ status: 429 });
    expect(seen).toHaveLength(1);
  });
});
