import { ANNOTATIONS, LABELS } from '../../lib/contract';
import { untilTold } from './contract/expectation';
import type { ObjectRef, TestObject } from './support/api';
import { usePair } from './support/use-pair';

const pair = usePair({
  spec: {
    namespaces: {
      mode: 'mapped',
      mappings: [
        { virtual: 'named', host: 'host-there-before' },
        { virtual: 'team-*', host: 'host-team-*' },
      ],
    },
    sync: { toHost: { configMaps: { all: true } } },
  },
  hostObjects: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'host-there-before', labels: { by: 'platform' } } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'host-team-taken', labels: { by: 'platform' } } },
  ],
});

const namespace = (name: string): TestObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const service = (name: string, inNamespace: string): TestObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: inNamespace },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});
const ref = (kind: string, name: string, inNamespace?: string): ObjectRef => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...(inNamespace !== undefined && { namespace: inNamespace }) },
});

describe('a virtual namespace with a host namespace of its own', () => {
  it('gets it when it is created, with the account under which its pods run', async () => {
    const virtual = await pair().virtual.create(namespace('team-a'));
    const host = await pair().host.until(ref('Namespace', 'host-team-a'), 'to be made', () => true);
    expect(host.metadata.labels).toMatchObject({
      [LABELS.clusterName]: pair().name,
      [LABELS.clusterNamespace]: pair().namespace,
    });
    expect(host.metadata.annotations).toMatchObject({ [ANNOTATIONS.objectUid]: virtual.metadata.uid });
    await pair().host.until(
      ref('ServiceAccount', `vc-workload-${pair().name}`, 'host-team-a'),
      'to be made',
      () => true,
    );
  });

  it('keeps it as it was made when somebody changes its labels', async () => {
    await pair().virtual.create(namespace('team-kept'));
    const made = ref('Namespace', 'host-team-kept');
    await pair().host.until(made, 'to be made', () => true);
    await pair().host.patch(made, { metadata: { labels: { [LABELS.clusterName]: 'another' } } });
    await pair().host.until(
      made,
      'to be put right',
      ({ metadata }) => metadata.labels?.[LABELS.clusterName] === pair().name,
    );
  });

  it('has its objects there under their own names, with what they were given', async () => {
    await pair().virtual.create(namespace('team-b'));
    const created = await pair().virtual.create(service('web', 'team-b'));
    const host = await pair().host.until(ref('Service', 'web', 'host-team-b'), 'to be made', () => true);
    const virtual = await pair().virtual.until(created, 'to have the address of the host', ({ spec }) => {
      return spec.clusterIP === host.spec.clusterIP;
    });
    expect(virtual.spec.ports).toMatchObject([{ port: 80 }]);
  });

  it('runs its pods there, and shows how they are', async () => {
    await pair().virtual.create(namespace('team-pods'));
    await pair().virtual.until(ref('ServiceAccount', 'default', 'team-pods'), 'to be made', () => true);
    const pod = await pair().virtual.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'main', namespace: 'team-pods', labels: { app: 'main' } },
      spec: { containers: [{ name: 'main', image: 'busybox' }] },
    });
    await pair().host.until(ref('Pod', 'main', 'host-team-pods'), 'to be made', () => true);
    await pair().virtual.until(pod, 'to run', ({ status }) => status?.phase === 'Running');
    await pair().virtual.delete(pod);
    await pair().host.untilGone(ref('Pod', 'main', 'host-team-pods'));
    await pair().virtual.untilGone(pod);
  });

  it('takes it along when it goes', async () => {
    const virtual = await pair().virtual.create(namespace('team-c'));
    await pair().host.until(ref('Namespace', 'host-team-c'), 'to be made', () => true);
    await pair().virtual.delete(virtual);
    await pair().virtual.untilGone(virtual);
    await pair().host.untilGone(ref('Namespace', 'host-team-c'));
  });

  it('gets nothing of a host namespace that was there before, unless the declaration names it in full', async () => {
    const taken = await pair().virtual.create(namespace('team-taken'));
    await untilTold(pair(), taken, 'NameTaken');
    await pair().virtual.create(service('web', 'team-taken'));
    await pair().virtual.create(namespace('named'));
    await pair().virtual.create(service('web', 'named'));
    await pair().host.until(ref('Service', 'web', 'host-there-before'), 'to be made', () => true);
    expect(await pair().host.get(ref('Service', 'web', 'host-team-taken'))).toBeUndefined();
    await pair().virtual.delete(taken);
  });

  it('leaves a namespace that was there before as it was, and in its place', async () => {
    const before = await pair().host.get(ref('Namespace', 'host-there-before'));
    const virtual = ref('Namespace', 'named');
    await pair().virtual.delete(virtual);
    await pair().virtual.untilGone(virtual);
    await pair().host.untilGone(ref('Service', 'web', 'host-there-before'));
    const after = await pair().host.get(ref('Namespace', 'host-there-before'));
    expect(after?.metadata).toMatchObject({ uid: before?.metadata.uid, labels: before?.metadata.labels });
    expect(after?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('is equal on both sides after the syncer was killed in between', async () => {
    const going = await pair().virtual.create(namespace('team-going'));
    await pair().host.until(ref('Namespace', 'host-team-going'), 'to be made', () => true);
    await pair().syncer.kill();
    await pair().virtual.delete(going);
    await pair().virtual.create(namespace('team-coming'));
    await pair().syncer.start();
    await pair().host.until(ref('Namespace', 'host-team-coming'), 'to be made', () => true);
    await pair().virtual.untilGone(going);
    await pair().host.untilGone(ref('Namespace', 'host-team-going'));
  });
});

describe('a virtual namespace that no rule fits', () => {
  it('has its objects in the host namespace of the cluster', async () => {
    await pair().virtual.create(namespace('other'));
    await pair().virtual.create(service('web', 'other'));
    await pair().host.until(ref('Service', `web-x-other-x-${pair().name}`, pair().namespace), 'to be made', () => true);
  });
});
