import { ANNOTATIONS, clusterNames, hostName, LABELS } from '../../lib';
import { RESOURCES } from '../../syncer/kube/resources';
import { untilTold, untouched } from '../api/contract/expectation';
import type { TestObject } from '../api/support/api';
import { usePair } from '../api/support/use-pair';

const pair = usePair();

/** A ConfigMap that is copied though nothing refers to it. */
const config = (name: string, namespace = 'default', metadata: object = {}): TestObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, annotations: { [ANNOTATIONS.forceSync]: 'true' }, ...metadata },
  data: { of: `${namespace}/${name}` },
});
const pod = (name: string, metadata: object = {}): TestObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', ...metadata },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'registry.example/web:1' }] },
});
const copyOf = ({ apiVersion, kind, metadata: { name = '', namespace = '' } }: TestObject) => ({
  apiVersion: apiVersion ?? 'v1',
  kind: kind ?? '',
  metadata: { name: hostName(name, namespace, pair().name), namespace: pair().namespace },
});
const namespaceOf = (name: string): TestObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

describe('row 8: names that come to the same on the host', () => {
  it('denied: the second one is not copied, and told so; the first stays', async () => {
    const { virtual, host } = pair();
    for (const name of ['c', 'b-x-c']) await virtual.create(namespaceOf(name));
    const first = await virtual.create(config('a-x-b', 'c'));
    await host.until(copyOf(first), 'to be there');
    const second = await virtual.create(config('a', 'b-x-c'));
    expect(copyOf(second)).toEqual(copyOf(first));
    await untilTold(pair(), second, 'NameCollision');
    expect((await host.get(copyOf(first)))?.data).toEqual({ of: 'c/a-x-b' });
    await virtual.delete(first);
    await virtual.delete(second);
    await host.untilGone(copyOf(first));
  });

  it('allowed: names that are long and alike get copies of their own', async () => {
    const { virtual, host } = pair();
    const long = 'l'.repeat(200);
    const both = await Promise.all(['a', 'b'].map((end) => virtual.create(config(`${long}${end}`))));
    for (const one of both) {
      const copy = await host.until(copyOf(one), 'to be there');
      expect(copy.data).toEqual(one.data);
      await virtual.delete(one);
    }
  });
});

describe('row 9: a host object that has the computed name already', () => {
  it('denied: it is neither taken over nor changed nor deleted, and the tenant is told', async () => {
    const { virtual, host } = pair();
    const wanted = config('planted');
    const planted = await host.create({ ...copyOf(wanted), data: { secret: 'of the host' } });
    const created = await virtual.create(wanted);
    await untilTold(pair(), created, 'NameTaken');
    await virtual.delete(created);
    await virtual.untilGone(created);
    await pair().syncer.patrol();
    expect(untouched(await host.get(planted))).toEqual(untouched(planted));
    await host.delete(planted);
  });

  it('denied: neither is one with every mark of ours but the owner', async () => {
    const { virtual, host, name } = pair();
    const wanted = config('forged');
    const marks = { [LABELS.managedBy]: name, [LABELS.namespace]: 'default' };
    const identity = { [ANNOTATIONS.objectName]: 'forged', [ANNOTATIONS.objectNamespace]: 'default' };
    const forged = await host.create({
      ...copyOf(wanted),
      metadata: {
        ...copyOf(wanted).metadata,
        labels: marks,
        annotations: { ...identity, [ANNOTATIONS.objectUid]: 'a-uid', [ANNOTATIONS.objectKind]: '/v1, Kind=ConfigMap' },
      },
      data: { a: 'b' },
    });
    const created = await virtual.create(wanted);
    await untilTold(pair(), created, 'NameTaken');
    expect(untouched(await host.get(forged))).toEqual(untouched(forged));
    await virtual.delete(created);
    await host.delete(forged);
  });

  it('allowed: the copy is made once the name is free', async () => {
    const { virtual, host } = pair();
    const created = await virtual.create(config('free'));
    await host.until(copyOf(created), 'to be there');
    await virtual.delete(created);
  });
});

describe('row 10: our own labels and annotations, set by the tenant', () => {
  it('denied: each of them is ours on the host', async () => {
    const { virtual, host, name } = pair();
    const labels = Object.fromEntries(
      Object.values(LABELS)
        .filter((key) => key !== LABELS.app && key !== LABELS.release)
        .map((key) => [key, 'forged']),
    );
    const annotations = Object.fromEntries(
      Object.values(ANNOTATIONS).map((key) => [key === ANNOTATIONS.annotationPrefix ? `${key}x` : key, 'forged']),
    );
    const created = await virtual.create(
      config('marked', 'default', { labels, annotations: { ...annotations, [ANNOTATIONS.forceSync]: 'true' } }),
    );
    const copy = await host.until(copyOf(created), 'to be there');
    expect(copy.metadata.labels).toMatchObject({ [LABELS.managedBy]: name, [LABELS.namespace]: 'default' });
    expect(copy.metadata.annotations).toMatchObject({
      [ANNOTATIONS.objectName]: 'marked',
      [ANNOTATIONS.objectUid]: created.metadata.uid,
    });
    const ours = Object.entries({ ...copy.metadata.labels, ...copy.metadata.annotations });
    expect(
      ours.filter(([key, value]) => value === 'forged' && Object.hasOwn({ ...labels, ...annotations }, key)),
    ).toEqual([]);
    await virtual.delete(created);
    await host.untilGone(copyOf(created));
  });

  it('allowed: labels of their own reach the host under keys that only this cluster has', async () => {
    const { virtual, host } = pair();
    const created = await virtual.create(config('labelled', 'default', { labels: { tier: 'front' } }));
    const { labels = {} } = (await host.until(copyOf(created), 'to be there')).metadata;
    expect(Object.values(labels)).toContain('front');
    expect(labels).not.toHaveProperty('tier');
    await virtual.delete(created);
  });
});

describe('row 13: owners and finalizers, which would let the host’s controllers delete or block', () => {
  it('denied: neither reaches the host', async () => {
    const { virtual, host, name } = pair();
    const owner = await virtual.create(config('owner'));
    const { apiVersion = '', kind = '', metadata } = owner;
    const created = await virtual.create(
      config('owned', 'default', {
        finalizers: ['example.com/block'],
        ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }],
      }),
    );
    const copy = await host.until(copyOf(created), 'to be there');
    expect(copy.metadata.finalizers).toBeUndefined();
    expect(copy.metadata.ownerReferences).toEqual([
      expect.objectContaining({ kind: 'Service', name: clusterNames(name).controlPlane }),
    ]);
    await virtual.patch(created, { metadata: { finalizers: null } });
    await virtual.delete(created);
    await virtual.delete(owner);
    await host.untilGone(copy);
  });

  it('allowed: in the virtual cluster a finalizer holds an object until it is taken away', async () => {
    const { virtual, host } = pair();
    const created = await virtual.create(config('held', 'default', { finalizers: ['example.com/hold'] }));
    await host.until(copyOf(created), 'to be there');
    await virtual.delete(created);
    expect(await virtual.get(created)).toBeDefined();
    await virtual.patch(created, { metadata: { finalizers: null } });
    await virtual.untilGone(created);
    await host.untilGone(copyOf(created));
  });
});

describe('row 25: a status that the tenant has made up', () => {
  it('denied: it never reaches the host, and the host’s comes back', async () => {
    const { virtual, host } = pair();
    const created = await virtual.create(pod('spoofed'));
    const running = await virtual.until(created, 'to run', ({ status }) => status.phase === 'Running');
    const before = await host.get(copyOf(created));
    await virtual.patch(
      created,
      { status: { podIP: '6.6.6.6', podIPs: [{ ip: '6.6.6.6' }] } },
      { subresource: 'status' },
    );
    await virtual.until(created, 'to be put right', ({ status }) => status.podIP === running.status.podIP);
    const after = await host.get(copyOf(created));
    expect(after?.status).toEqual(before?.status);
    expect(after?.spec).toEqual(before?.spec);
    await virtual.delete(created);
  });

  it('allowed: the host’s status is the tenant’s', async () => {
    const { virtual, host } = pair();
    const created = await virtual.create(pod('honest'));
    const { status } = await virtual.until(created, 'to run', (found) => found.status.phase === 'Running');
    expect(status.podIP).toBe((await host.get(copyOf(created)))?.status.podIP);
    await virtual.delete(created);
  });
});

describe('row 11: labels by which Services of the host would find a tenant’s pod', () => {
  const steering = () => ({ [LABELS.app]: 'vcluster', [LABELS.release]: pair().name });

  it('denied: a pod labelled as the control plane is no endpoint of the API server', async () => {
    const { virtual, host, name, namespace } = pair();
    const created = await virtual.create(pod('impostor', { labels: steering() }));
    const { status } = await virtual.until(created, 'to run', (found) => found.status.phase === 'Running');
    const slices = await host.list(RESOURCES.endpointSlices, namespace);
    const ofApi = slices.filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name);
    expect(JSON.stringify(ofApi)).not.toContain(status.podIP);
    expect((await host.get(copyOf(created)))?.metadata.labels).not.toMatchObject(steering());
    await virtual.delete(created);
  });

  it('allowed: the tenant’s own Service finds it by the same labels', async () => {
    const { virtual } = pair();
    const created = await virtual.create(pod('found', { labels: steering() }));
    const service = await virtual.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'finds', namespace: 'default' },
      spec: { selector: steering(), ports: [{ port: 80 }] },
    });
    const { status } = await virtual.until(created, 'to run', (found) => found.status.phase === 'Running');
    const endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'finds', namespace: 'default' } };
    await virtual.until(endpoints, 'to list it', (found) => JSON.stringify(found.subsets).includes(status.podIP));
    await virtual.delete(service);
    await virtual.delete(created);
  });
});
