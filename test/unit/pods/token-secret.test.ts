import { ANNOTATIONS, LABELS, tokenSecretName } from '../../../lib/contract';
import { type Secret, withoutData } from '../../../syncer/config';
import { Side } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import { prepareTokenSecret, type TokenPod, type TokenSource } from '../../../syncer/pods/token-secret';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';

const { pods, secrets, serviceAccounts } = RESOURCES;
const NAME = tokenSecretName('web', 'shop', ARTICLE.cluster);
const KEY = `${ARTICLE.hostNamespace}/${NAME}`;
const SHORT: TokenSource = { key: 'token-short', audience: undefined, expirationSeconds: 1000 };
const VAULT: TokenSource = { key: 'token-vault', audience: 'vault', expirationSeconds: 7200 };

/** A virtual pod that asks for tokens, and the host that is to hold them. */
function asking(sources: readonly TokenSource[] = [SHORT]) {
  const virtual = new MemoryApi('virtual');
  const host = new MemoryApi('host');
  virtual.put(serviceAccounts, { metadata: { name: 'robot', namespace: 'shop' } });
  const { uid = '' } = virtual.put(pods, { metadata: { name: 'web', namespace: 'shop', uid: 'pod-1' } }).metadata;
  const pod: TokenPod = { name: 'web', namespace: 'shop', uid, serviceAccount: 'robot' };
  const hostSecrets = new Side(host.cache<Secret>(secrets, { transform: withoutData }), host, withoutData);
  const bundles: { files: { readonly [key: string]: string } } = { files: {} };
  const deps = { virtual, hostSecrets, context: ARTICLE, now: () => virtual.now };
  const prepare = (of: TokenPod = pod) => prepareTokenSecret(NAME, of, { tokens: sources, files: bundles.files }, deps);
  const write = async (of: TokenPod = pod) => {
    const plan = await prepare(of);
    if (plan.kind === 'write') await plan.write();
    return plan;
  };
  const secret = () => host.peek<Secret>(secrets, KEY);
  const token = (key: string) => Buffer.from(secret()?.data?.[key] ?? '', 'base64').toString();
  return { virtual, host, pod, bundles, prepare, write, secret, token };
}

describe("a pod's tokens", () => {
  it('are issued by the virtual cluster, for its service account and bound to its UID', async () => {
    const { virtual, write, token } = asking();
    await write();
    expect(virtual.writes).toEqual(['POST serviceaccounts/token shop/robot']);
    expect(token('token-short')).toBe('robot for api bound to pod-1 until 2026-01-01T00:16:40.000Z');
  });

  it('are each for their own audience and time', async () => {
    const { write, token } = asking([SHORT, VAULT]);
    await write();
    expect(token('token-vault')).toBe('robot for vault bound to pod-1 until 2026-01-01T02:00:00.000Z');
    expect(token('token-short')).toContain('for api');
  });

  it('lie in a Secret that goes with the cluster and says whose they are', async () => {
    const { write, secret } = asking();
    await write();
    expect(secret()?.metadata).toMatchObject({
      labels: { [LABELS.managedBy]: ARTICLE.cluster, [LABELS.namespace]: 'shop' },
      annotations: { [ANNOTATIONS.tokenOf]: 'web', [ANNOTATIONS.objectUid]: 'pod-1' },
      ownerReferences: [{ kind: 'Service', name: ARTICLE.cluster, uid: ARTICLE.ownerUid }],
    });
  });

  it('are not written before the caller says so, that the pod can be created meanwhile', async () => {
    const { prepare, host } = asking();
    expect(await prepare()).toMatchObject({ kind: 'write' });
    expect(host.requests).toEqual([]);
  });

  it('are not issued for a pod that is another by now', async () => {
    const { virtual, pod, prepare, secret } = asking();
    virtual.put(pods, { metadata: { name: 'web', namespace: 'shop', uid: 'pod-2' } });
    await expect(prepare(pod)).rejects.toMatchObject({ status: 409 });
    expect(secret()).toBeUndefined();
  });
});

describe('a token is renewed', () => {
  it('after four fifths of its life, and not before', async () => {
    const { virtual, host, write, token } = asking();
    const start = virtual.now;
    expect((await write()).renewAt).toBe(start + 800_000);
    virtual.take();
    host.take();
    virtual.now = start + 799_999;
    expect(await write()).toEqual({ kind: 'current', renewAt: start + 800_000 });
    expect([...virtual.requests, ...host.requests]).toEqual([]);
    virtual.now = start + 800_000;
    expect(await write()).toMatchObject({ kind: 'write', renewAt: start + 1_600_000 });
    expect(token('token-short')).toContain('until 2026-01-01T00:30:00.000Z');
  });

  it('with the others of its pod, when the first of them is due', async () => {
    const { virtual, write } = asking([VAULT, SHORT]);
    expect((await write()).renewAt).toBe(virtual.now + 800_000);
  });

  it('by the time that it really got, whatever was asked for', async () => {
    const { virtual, write } = asking();
    const post = virtual.post.bind(virtual);
    virtual.post = async <T>(...[resource, namespace, name, subresource, body]: Parameters<typeof post>) => {
      const asked = body as { readonly spec: object };
      return post<T>(resource, namespace, name, subresource, { spec: { ...asked.spec, expirationSeconds: 600 } });
    };
    expect((await write()).renewAt).toBe(virtual.now + 480_000);
  });

  it('when the pod is another of the same name', async () => {
    const { virtual, pod, write, token } = asking();
    await write();
    virtual.put(pods, { metadata: { name: 'web', namespace: 'shop', uid: 'pod-2' } });
    expect(await write({ ...pod, uid: 'pod-2' })).toMatchObject({ kind: 'write' });
    expect(token('token-short')).toContain('bound to pod-2');
  });

  it.each(['', 'soon'])('when nobody knows when it is due ("%s")', async (renewAt) => {
    const { host, write, secret } = asking();
    await write();
    const found = secret();
    const annotations = { ...found?.metadata.annotations, [ANNOTATIONS.renewAt]: renewAt };
    host.put<Secret>(secrets, { ...found, metadata: { ...found?.metadata, annotations } });
    expect(await write()).toMatchObject({ kind: 'write' });
  });
});

describe('a Secret in the way is not overwritten', () => {
  const metadata = { name: NAME, namespace: ARTICLE.hostNamespace };
  const labels = { [LABELS.managedBy]: ARTICLE.cluster, [LABELS.namespace]: 'shop' };
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Service', name: ARTICLE.cluster, uid: ARTICLE.ownerUid }];

  it.each<[string, Secret['metadata']]>([
    ['that is not ours', metadata],
    [
      "that is the copy of a tenant's Secret of that name",
      { ...metadata, labels, ownerReferences, annotations: { [ANNOTATIONS.objectName]: 'web-sa-token' } },
    ],
    [
      'that only says that it holds tokens',
      { ...metadata, annotations: { [ANNOTATIONS.tokenOf]: 'web', [ANNOTATIONS.objectUid]: 'pod-0' } },
    ],
    [
      'with the tokens of another pod whose name translates alike',
      {
        ...metadata,
        labels: { ...labels, [LABELS.namespace]: 'x' },
        ownerReferences,
        annotations: { [ANNOTATIONS.tokenOf]: 'other', [ANNOTATIONS.objectUid]: 'pod-9' },
      },
    ],
  ])('%s', async (_case, found) => {
    const { virtual, host, write, secret } = asking();
    host.put<Secret>(secrets, { metadata: found, data: { theirs: 'eA==' } });
    await expect(write()).rejects.toMatchObject({ code: 'OWNERSHIP_CONFLICT' });
    expect(secret()?.data).toEqual({ theirs: 'eA==' });
    expect(virtual.requests).toEqual([]);
  });

  it('that no watch of ours brings', async () => {
    const { host, prepare, secret } = asking();
    const plan = await prepare();
    host.put<Secret>(secrets, { metadata, data: { theirs: 'eA==' } });
    await expect(plan.kind === 'write' && plan.write()).rejects.toMatchObject({ reason: 'AlreadyExists' });
    expect(secret()?.data).toEqual({ theirs: 'eA==' });
  });
});

describe('trust bundles of a pod', () => {
  const trusted = (first: string) => ({ 'trust-1': first });

  it('lie beside its tokens', async () => {
    const { bundles, write, token } = asking();
    bundles.files = trusted('PEM');
    await write();
    expect(token('trust-1')).toBe('PEM');
    expect(token('token-short')).toContain('robot for api');
  });

  it('need no token, and then are never due', async () => {
    const { bundles, virtual, write, token } = asking([]);
    bundles.files = trusted('PEM');
    expect(await write()).toMatchObject({ kind: 'write', renewAt: Number.POSITIVE_INFINITY });
    expect(token('trust-1')).toBe('PEM');
    expect(virtual.writes).toEqual([]);
    expect(await write()).toEqual({ kind: 'current', renewAt: Number.POSITIVE_INFINITY });
  });

  it('are written again when they change, and only then', async () => {
    const { bundles, host, write, token } = asking();
    bundles.files = trusted('old');
    await write();
    host.take();
    expect(await write()).toMatchObject({ kind: 'current' });
    expect(host.requests).toEqual([]);
    bundles.files = trusted('new');
    expect(await write()).toMatchObject({ kind: 'write' });
    expect(token('trust-1')).toBe('new');
  });
});
