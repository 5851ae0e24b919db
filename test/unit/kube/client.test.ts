import type { IncomingMessage, ServerResponse } from 'node:http';
import { createKubeClient } from '../../../syncer/kube/client';
import { RESOURCES } from '../../../syncer/kube/resources';
import { bodyOf, failure, type Loopback, reply, serve } from './support/loopback';

const pod = { metadata: { name: 'web', namespace: 'a', uid: 'u1', resourceVersion: '1' } };
const missing = failure(404, 'NotFound', { details: { name: 'web', kind: 'pods' } });
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

describe('reading one object', () => {
  it('gives nothing only when the server says that this object is missing', async () => {
    handler = json(404, missing);
    await expect(client.get(RESOURCES.pods, 'a', 'web')).resolves.toBeUndefined();
  });

  it.each([
    ['the kind', failure(404, 'NotFound', { details: {} })],
    ['another object', failure(404, 'NotFound', { details: { name: 'other', kind: 'pods' } })],
    ['a proxy', 'no such backend'],
  ])('fails when it is %s that is missing', async (_, body) => {
    handler = json(404, body);
    await expect(client.get(RESOURCES.pods, 'a', 'web')).rejects.toMatchObject({ code: 'API_NOT_FOUND' });
  });
});

describe('a list', () => {
  it('comes page by page, and its objects say what they are', async () => {
    const page = (name: string, next?: string): Handler =>
      json(200, { metadata: { resourceVersion: '9', continue: next }, items: [{ metadata: { name } }] });
    handler = answers(page('a', 'p2'), page('b', 'p3'), page('c'));
    const list = await client.list(RESOURCES.pods, { namespace: 'x', labelSelector: 'l=1' });
    expect(list.resourceVersion).toBe('9');
    expect(list.items).toEqual(['a', 'b', 'c'].map((name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } })));
    expect(seen[1]).toBe('GET /api/v1/namespaces/x/pods?labelSelector=l%3D1&limit=500&continue=p2');
  });

  it('starts anew without pages when the snapshot of its pages expired', async () => {
    handler = answers(
      json(200, { metadata: { resourceVersion: '5', continue: 'p2' }, items: [pod] }),
      json(410, failure(410, 'Expired')),
      json(200, { metadata: { resourceVersion: '8' }, items: [pod] }),
    );
    const list = await client.list(RESOURCES.pods, {});
    expect(list.resourceVersion).toBe('8');
    expect(list.items).toHaveLength(1);
    expect(seen[2]).toBe('GET /api/v1/pods');
  });

  it('of metadata asks for nothing else', async () => {
    handler = (request, response) =>
      reply(response, 200, {
        metadata: {},
        items: [{ kind: 'PartialObjectMetadata', metadata: { name: request.headers.accept } }],
      });
    const { items } = await client.list(RESOURCES.secrets, { metadataOnly: true });
    expect(items[0]).toMatchObject({
      kind: 'Secret',
      metadata: { name: expect.stringContaining('as=PartialObjectMetadataList') },
    });
  });

  it('may be empty', async () => {
    handler = json(200, { metadata: { resourceVersion: '1' }, items: null });
    await expect(client.list(RESOURCES.pods, {})).resolves.toEqual({ items: [], resourceVersion: '1' });
  });
});

describe('writing', () => {
  const echo: Handler = async (request, response) =>
    reply(response, 200, { type: request.headers['content-type'], body: JSON.parse(await bodyOf(request)) });

  it.each([
    [
      'create',
      () => client.create(RESOURCES.pods, 'a', pod, { dryRun: true }),
      'POST /api/v1/namespaces/a/pods?dryRun=All',
      'application/json',
    ],
    [
      'update',
      () => client.update(RESOURCES.pods, pod, { subresource: 'status' }),
      'PUT /api/v1/namespaces/a/pods/web/status',
      'application/json',
    ],
    [
      'patch',
      () => client.patch(RESOURCES.pods, 'a', 'web', {}),
      'PATCH /api/v1/namespaces/a/pods/web',
      'application/merge-patch+json',
    ],
    [
      'apply',
      () =>
        client.patch(
          RESOURCES.pods,
          'a',
          'web',
          {},
          { type: 'application/apply-patch+yaml', fieldManager: 's', force: true },
        ),
      'PATCH /api/v1/namespaces/a/pods/web?fieldManager=s&force=true',
      'application/apply-patch+yaml',
    ],
    [
      'bind',
      () => client.post(RESOURCES.pods, 'a', 'web', 'binding', {}),
      'POST /api/v1/namespaces/a/pods/web/binding',
      'application/json',
    ],
  ] as const)('%s', async (_, write, request, type) => {
    handler = echo;
    await expect(write()).resolves.toMatchObject({ type });
    expect(seen).toEqual([request]);
  });

  it('tells a conflict', async () => {
    handler = json(409, failure(409, 'AlreadyExists'));
    await expect(client.create(RESOURCES.pods, 'a', pod)).rejects.toMatchObject({
      code: 'API_CONFLICT',
      reason: 'AlreadyExists',
    });
  });

  it('never quotes a body that it can not read', async () => {
    handler = (_, response) => void response.end('{"data":"hunter2"');
    const error = await client.get(RESOURCES.secrets, 'a', 's').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'API_ERROR' });
    expect(String(error)).not.toContain('hunter2');
  });
});

describe('deleting', () => {
  it('sends its conditions', async () => {
    let body = '';
    handler = async (request, response) => {
      body = await bodyOf(request);
      reply(response, 200, {});
    };
    await expect(client.delete(RESOURCES.pods, 'a', 'web', { uid: 'u1', gracePeriodSeconds: 0 })).resolves.toBe(
      'deleted',
    );
    expect(JSON.parse(body)).toMatchObject({
      kind: 'DeleteOptions',
      preconditions: { uid: 'u1' },
      gracePeriodSeconds: 0,
    });
  });

  it.each([
    ['there is none', answers(json(404, missing)), 'gone'],
    [
      'another has its name',
      answers(json(409, failure(409, 'Conflict')), json(200, { metadata: { uid: 'u2' } })),
      'gone',
    ],
    ['it vanished meanwhile', answers(json(409, failure(409, 'Conflict')), json(404, missing)), 'gone'],
  ])('is done when %s', async (_, given, outcome) => {
    handler = given;
    await expect(client.delete(RESOURCES.pods, 'a', 'web', { uid: 'u1' })).resolves.toBe(outcome);
  });

  it.each([
    ['the object changed', answers(json(409, failure(409, 'Conflict')), json(200, pod)), 'API_CONFLICT'],
    ['the kind is missing', json(404, failure(404, 'NotFound', { details: {} })), 'API_NOT_FOUND'],
  ])('fails when %s', async (_, given, code) => {
    handler = given;
    const options = { uid: 'u1', resourceVersion: '0' };
    await expect(client.delete(RESOURCES.pods, 'a', 'web', options)).rejects.toMatchObject({ code });
  });
});

describe('other answers', () => {
  it('are parsed when they are JSON, else text', async () => {
    handler = answers(json(200, { major: '1' }), (_, response) => void response.end('ok'));
    await expect(client.raw('/version')).resolves.toEqual({ major: '1' });
    await expect(client.raw('/readyz')).resolves.toBe('ok');
  });
});
