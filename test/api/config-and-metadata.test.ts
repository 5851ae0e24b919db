import { hostName, hostNamespaceLabelKey } from '../../lib/contract';
import { describeKindToVirtual } from './contract/to-virtual';
import { usePair } from './support/use-pair';

const SHARED = 'config-shown-shared';

const pair = usePair({
  spec: {
    sync: {
      toHost: { configMaps: { all: true } },
      fromHost: {
        configMaps: { mappings: [{ host: { namespace: SHARED }, virtual: { namespace: 'settings' } }] },
        secrets: { mappings: [{ host: {}, virtual: { namespace: 'licenses' } }] },
      },
      labels: { preserve: ['*'] },
      namespaceLabels: { alsoOn: ['services', 'configMaps'] },
      annotations: {
        toHost: { services: ['example.com/*'] },
        fromHost: { services: ['cloud.example.com/*'] },
      },
    },
  },
  hostObjects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SHARED } }],
});

describeKindToVirtual({
  name: 'ConfigMap of a host namespace',
  pair,
  object: (name) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: SHARED, labels: { team: 'a' } },
    data: { colour: 'green' },
  }),
  shownAs: ({ metadata: { name } }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...(name !== undefined && { name }), namespace: 'settings' },
  }),
  expectVirtual: ({ data }) => ({ data, metadata: { labels: { team: 'a' } } }),
  updates: [
    { what: 'a value', patch: { data: { colour: 'blue' } }, expect: { data: { colour: 'blue' } } },
    { what: 'its keys', patch: { data: { colour: null, size: 'large' } }, expect: ({ data }) => ({ data }) },
  ],
  stray: { data: { colour: 'red' } },
});

describeKindToVirtual({
  name: 'Secret of the own host namespace',
  pair,
  object: (name, { namespace }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'Opaque',
    data: { key: 'b3Blbg==' },
  }),
  shownAs: ({ metadata: { name } }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...(name !== undefined && { name }), namespace: 'licenses' },
  }),
  expectVirtual: ({ data, type }) => ({ data, type }),
  updates: [{ what: 'a value', patch: { data: { key: 'c2hvcA==' } }, expect: { data: { key: 'c2hvcA==' } } }],
  stray: { data: { key: 'c2hvcA==' } },
});

it('no Secret of the control plane is shown', async () => {
  const shown = await pair().virtual.list(
    { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true },
    'licenses',
  );
  expect(
    shown.map(({ metadata }) => metadata.name).filter((name) => name?.includes('certs') || name?.startsWith('vc-')),
  ).toEqual([]);
});

it('a ConfigMap is copied though nothing refers to it, where all are', async () => {
  const { name, host, virtual } = pair();
  const made = await virtual.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'lonely', namespace: 'default' },
    data: { a: 'b' },
  });
  const copy = { ...made, metadata: { name: hostName('lonely', 'default', name), namespace: pair().namespace } };
  expect((await host.until(copy, 'to be copied', () => true)).data).toEqual({ a: 'b' });
  await virtual.delete(made);
  await host.untilGone(copy);
});

it('two writers of one key do not fight, and a tenant sees what the host says', async () => {
  const { name, namespace, host, virtual } = pair();
  const made = await virtual.create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'two-writers',
      namespace: 'default',
      labels: { team: 'tenant', release: 'one' },
      annotations: { 'example.com/class': 'tenant', 'other.com/x': 'y' },
    },
    spec: { ports: [{ port: 80 }] },
  });
  const ref = { ...made, metadata: { name: hostName('two-writers', 'default', name), namespace } };
  const { labels, annotations } = (await host.until(ref, 'to be copied', () => true)).metadata;
  expect(labels).toMatchObject({ team: 'tenant' });
  expect(labels).not.toHaveProperty('release');
  expect(annotations).toMatchObject({ 'example.com/class': 'tenant' });
  expect(annotations).not.toHaveProperty(['other.com/x']);

  const theirs = {
    labels: { team: 'host', injected: 'yes' },
    annotations: { 'example.com/class': 'host', 'cloud.example.com/ip': '1' },
  };
  await host.patch(ref, { metadata: theirs });
  const seen = await virtual.until(
    made,
    'to show what the host says',
    ({ metadata }) => metadata.annotations?.['cloud.example.com/ip'] === '1',
  );
  expect(seen.metadata.annotations).toMatchObject({ 'example.com/class': 'tenant' });
  // A further change of the tenant's is written, and nothing but it.
  await virtual.patch(made, { metadata: { annotations: { 'example.com/new': 'tenant' } } });
  const after = await host.until(
    ref,
    'to get the new key',
    ({ metadata }) => metadata.annotations?.['example.com/new'] === 'tenant',
  );
  expect(after.metadata.labels).toMatchObject({ team: 'host', injected: 'yes' });
  expect(after.metadata.annotations).toMatchObject({ 'example.com/class': 'host', 'cloud.example.com/ip': '1' });

  await virtual.patch(made, { metadata: { annotations: { 'example.com/new': null, 'example.com/class': null } } });
  const last = await host.until(
    ref,
    'to lose the new key',
    ({ metadata }) => !metadata.annotations?.['example.com/new'],
  );
  expect(last.metadata.annotations).toMatchObject({ 'example.com/class': 'host' });
  await virtual.delete(made);
});

it('the right to look at a host namespace may come later, and nothing else waits for it', async () => {
  const { name, namespace, host, virtual, syncer } = pair();
  const role = await host.get({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: `vc-${name}-v-${namespace}`, namespace: SHARED },
  });
  if (role === undefined) throw new Error('the syncer has no Role in the namespace');
  await syncer.kill();
  await host.delete(role);
  const late = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${name}-late`, namespace: SHARED } };
  await host.create({ ...late, data: { a: 'b' } });
  await syncer.start();
  const own = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'meanwhile', namespace: 'default' } };
  await virtual.create({ ...own, data: { c: 'd' } });
  await host.until(
    { ...own, metadata: { name: hostName('meanwhile', 'default', name), namespace } },
    'to be copied meanwhile',
    () => true,
  );
  const shown = { ...late, metadata: { name: `${name}-late`, namespace: 'settings' } };
  expect(await virtual.get(shown)).toBeUndefined();

  const { uid: _, resourceVersion: __, creationTimestamp: ___, ...metadata } = role.metadata;
  await host.create({ ...role, metadata });
  expect((await virtual.until(shown, 'to be shown', () => true)).data).toEqual({ a: 'b' });
  await host.delete(late);
  await virtual.delete(own);
  await virtual.untilGone(shown);
});

it('labels of a virtual namespace follow when they change, on pods and where else they were asked for', async () => {
  const { name, namespace, host, virtual } = pair();
  const scope = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'labelled' } };
  await virtual.create(scope);
  const metadata = { name: 'follower', namespace: 'labelled' };
  const objects = [
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'main', image: 'busybox' }] } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' } },
  ];
  const copies = await Promise.all(
    objects.map(async (object) => {
      await virtual.create(object);
      const copy = { ...object, metadata: { name: hostName('follower', 'labelled', name), namespace } };
      await host.until(copy, 'to be copied', () => true);
      return copy;
    }),
  );
  const key = hostNamespaceLabelKey('team', name);
  for (const team of ['a', null]) {
    await virtual.patch(scope, { metadata: { labels: { team } } });
    for (const copy of copies) {
      await host.until(
        copy,
        `to show the team ${team}`,
        ({ metadata: { labels } }) => (labels?.[key] ?? null) === team,
      );
    }
  }
  await Promise.all(objects.map((object) => virtual.delete(object)));
});
