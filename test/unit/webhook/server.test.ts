import { request } from 'node:https';
import { silentLogger } from '../../../syncer/observability/logger';
import { type AdmissionHandler, startWebhookServer, type WebhookServer } from '../../../syncer/webhook/server';
import { type Authority, createAuthority } from '../kubelet/support/certificates';
import { type Answered, readAnswer } from '../kubelet/support/client';

const REVIEW = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
let authority: Authority;
let server: WebhookServer;
let handler: jest.Mock<ReturnType<AdmissionHandler>, Parameters<AdmissionHandler>>;

beforeAll(async () => {
  authority = await createAuthority('virtual');
});
beforeEach(async () => {
  const material = await authority.issue({ commonName: 'webhook', addresses: ['127.0.0.1'], usage: 'server' });
  handler = jest.fn(
    async (_review: unknown, _signal: AbortSignal): Promise<object> => ({
      ...REVIEW,
      response: { uid: 'u', allowed: true },
    }),
  );
  server = await startWebhookServer(
    {
      handlers: { services: (review, signal) => handler(review, signal) },
      certificates: { current: () => material, subscribe: () => () => {} },
      logger: silentLogger,
    },
    { port: 0, maxBodyBytes: 1000 },
  );
});
afterEach(() => server.close());

function call(path: string, body: string | readonly string[], method = 'POST'): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: server.port, path, method, ca: authority.certificate, agent: false },
      (response) => void readAnswer(response).then(resolve, reject),
    );
    outgoing.on('error', reject);
    for (const piece of typeof body === 'string' ? [] : body) outgoing.write(piece);
    outgoing.end(typeof body === 'string' ? body : undefined);
  });
}
const review = (fields: object = {}) => JSON.stringify({ ...REVIEW, request: { uid: 'u', ...fields } });

it('a review reaches its handler whole, and the handler’s answer goes back', async () => {
  const answer = await call('/admit/services?timeout=10s', review({ operation: 'CREATE', object: { a: 1 } }));
  expect(handler.mock.calls[0]?.[0]).toEqual({
    ...REVIEW,
    request: { uid: 'u', operation: 'CREATE', object: { a: 1 } },
  });
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
  expect(JSON.parse(answer.body)).toEqual({ ...REVIEW, response: { uid: 'u', allowed: true } });
});

it('a handler that throws leaves the decision to the failure policy', async () => {
  handler.mockRejectedValue(new Error('secret'));
  expect(await call('/admit/services', review())).toMatchObject({ status: 500, body: 'the webhook failed\n' });
});

it('a handler learns that nobody waits any more', async () => {
  let left: Promise<unknown> = Promise.resolve();
  const called = new Promise<void>((resolve) => {
    handler.mockImplementation((_, signal) => {
      left = new Promise((gone) => signal.addEventListener('abort', gone));
      resolve();
      return new Promise(() => {});
    });
  });
  const outgoing = request({
    host: '127.0.0.1',
    port: server.port,
    path: '/admit/services',
    method: 'POST',
    ca: authority.certificate,
  });
  outgoing.on('error', () => {});
  outgoing.end(review());
  await called;
  outgoing.destroy();
  await left;
});

it.each([
  ['an unknown name', '/admit/pods', review(), 'POST', 404],
  ['a property of every object', '/admit/constructor', review(), 'POST', 404],
  ['another path', '/services', review(), 'POST', 404],
  ['another method', '/admit/services', '', 'GET', 405],
  ['no JSON', '/admit/services', '{', 'POST', 400],
  ['an older version', '/admit/services', review().replace('/v1', '/v1beta1'), 'POST', 400],
  ['too long a body', '/admit/services', review({ object: 'x'.repeat(2000) }), 'POST', 413],
  ['too long a body of unknown length', '/admit/services', ['x'.repeat(600), 'x'.repeat(600)], 'POST', 413],
])('%s is refused', async (_, path, body, method, status) => {
  expect((await call(path, body, method)).status).toBe(status);
  expect(handler).not.toHaveBeenCalled();
});
