import { QUOTA_CONFIG_MAP } from '../../lib/contract';
import { RESOURCES } from '../../syncer/kube/resources';
import { eventually } from '../support/eventually';
import type { ObjectRef, TestObject } from './support/api';
import type { Pair } from './support/pair';
import { usePair } from './support/use-pair';

const podOf = (name: string, namespace = 'default', resources?: object): TestObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { quota: 'tried' } },
  spec: {
    containers: [{ name: 'main', image: 'busybox', ...(resources && { resources }) }],
    terminationGracePeriodSeconds: 0,
  },
});
const namesOf = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** The virtual names of the host's pods whose name begins so. */
async function onHost(pair: Pair, prefix: string): Promise<readonly string[]> {
  const pods = await pair.host.list(RESOURCES.pods);
  return pods
    .filter(({ metadata: { labels = {}, deletionTimestamp } }) => {
      return labels['vcluster.loft.sh/managed-by'] === pair.name && deletionTimestamp === undefined;
    })
    .map(({ metadata: { annotations = {} } }) => annotations['vcluster.loft.sh/object-name'] ?? '')
    .filter((name) => name.startsWith(prefix));
}

/** The virtual pods that are told that there is no room for them. */
async function toldOf(pair: Pair, prefix: string): Promise<readonly string[]> {
  const pods = await pair.virtual.list(RESOURCES.pods);
  return pods
    .filter(({ metadata: { name = '' }, status }) => {
      const conditions: readonly { reason?: string }[] = status?.conditions ?? [];
      return name.startsWith(prefix) && conditions.some(({ reason }) => reason === 'QuotaExceeded');
    })
    .map(({ metadata: { name = '' } }) => name);
}

const untilShared = (pair: Pair, prefix: string, made: number, told: number) =>
  eventually(
    async () => {
      const [host, waiting] = await Promise.all([onHost(pair, prefix), toldOf(pair, prefix)]);
      if (host.length !== made || waiting.length !== told)
        throw new Error(`${host.length} are on the host, ${waiting.length} are told`);
      return host;
    },
    { what: `${made} pods on the host and ${told} that are told`, everyMs: 100 },
  );

async function warningOf(pair: Pair, about: ObjectRef, reason: string): Promise<string> {
  const { name, namespace = 'default' } = about.metadata;
  const event = await eventually(
    async () =>
      (await pair.virtual.list(RESOURCES.events, namespace)).find(
        (one) => one.involvedObject.name === name && one.reason === reason,
      ),
    { what: `an event ${reason} about ${name}`, everyMs: 100, timeoutMs: 30_000 },
  );
  return event.message;
}

const hostPodOf = (pair: Pair, name: string): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${name}-x-default-x-${pair.name}`, namespace: pair.namespace },
});

const deleteAll = (pair: Pair, pods: readonly ObjectRef[]) => Promise.all(pods.map((pod) => pair.virtual.delete(pod)));

describe('a quota (rows 15 and 33)', () => {
  const pair = usePair({
    spec: {
      isolation: {
        quota: { counts: { pods: 4, 'services.loadbalancers': 0 }, requests: { memory: '1Gi', storage: '10Gi' } },
        limits: { max: { cpu: '2' }, defaultRequest: { cpu: '150m' } },
      },
    },
  });

  beforeAll(async () => {
    await pair().virtual.until(
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } },
      'to be made',
    );
    // The cluster's DNS is the tenant's too: three of the four are left.
    await eventually(async () => (await onHost(pair(), 'coredns')).length === 1, { what: 'the DNS to be on the host' });
  });

  it('is never passed: of ten pods at once three are on the host, seven are told, and one follows when one goes', async () => {
    const pods = namesOf('many', 10).map((name) => podOf(name));
    await Promise.all(pods.map((pod) => pair().virtual.create(pod)));
    const [first = ''] = await untilShared(pair(), 'many', 3, 7);
    const waiting = pods.find(({ metadata }) => metadata.name !== first);
    expect(waiting).toBeDefined();
    const [told = ''] = await toldOf(pair(), 'many');
    expect(await warningOf(pair(), podOf(told), 'QuotaExceeded')).toContain(
      'quota.counts.pods: asks for 1, used 4 of 4',
    );
    await pair().virtual.delete(podOf(first));
    await untilShared(pair(), 'many', 3, 6);
    await deleteAll(pair(), pods);
    await untilShared(pair(), 'many', 0, 0);
  });

  it('shows the tenant how much is used, and puts that back when it is changed', async () => {
    const pod = await pair().virtual.create(podOf('shown'));
    const shown: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', metadata: QUOTA_CONFIG_MAP };
    const isCurrent = ({ data }: TestObject) => {
      expect(data.hard).toBe('pods: 4\nrequests.memory: 1Gi\nrequests.storage: 10Gi\nservices.loadbalancers: 0\n');
      expect(data.used).toMatch(/^pods: 2\nrequests.memory: \d+Mi\nrequests.storage: 0\nservices.loadbalancers: 0\n$/);
    };
    await pair().virtual.until(shown, 'to show it', isCurrent);
    await pair().virtual.patch(shown, { data: { hard: 'pods: 1000\n' } });
    await pair().virtual.until(shown, 'to be put back', isCurrent);
    await pair().virtual.delete(pod);
    await pair().virtual.until(shown, 'to follow', ({ data }) => data.used.startsWith('pods: 1\n'));
  });

  it('counts what a pod requests, with the default of what it does not name', async () => {
    const large = await pair().virtual.create(podOf('large', 'default', { requests: { memory: '2Gi' } }));
    expect(await warningOf(pair(), large, 'QuotaExceeded')).toMatch(
      /quota\.requests\.memory: asks for 2Gi, used \d+Mi of 1Gi\); it never fits/,
    );
    const plain = await pair().virtual.create(podOf('plain'));
    await eventually(async () => (await onHost(pair(), 'plain')).length === 1, { what: 'the pod to be on the host' });
    const host = (await pair().host.list(RESOURCES.pods, pair().namespace)).find(({ metadata: { name = '' } }) =>
      name.startsWith('plain-x-'),
    );
    expect(host?.spec.containers[0].resources).toEqual({
      limits: { cpu: '2' },
      requests: { cpu: '150m', memory: '128Mi' },
    });
    await deleteAll(pair(), [large, plain]);
  });

  it('lets a pod grow only when there is room, and then by itself', async () => {
    // No node has such a device, and simulated ones can't resize what runs.
    const limits = { 'example.com/device': '1' };
    const sized = (name: string, memory: string) => podOf(name, 'default', { requests: { memory }, limits });
    const [other, growing] = await Promise.all(
      [sized('other', '300Mi'), sized('growing', '256Mi')].map((pod) => pair().virtual.create(pod)),
    );
    const host = hostPodOf(pair(), 'growing');
    await pair().host.until(host, 'to be made');
    await pair().virtual.patch(
      growing ?? host,
      { spec: { containers: [{ name: 'main', resources: { requests: { memory: '800Mi' } } }] } },
      { subresource: 'resize', type: 'application/strategic-merge-patch+json' },
    );
    expect(await warningOf(pair(), growing ?? host, 'QuotaExceeded')).toContain('asks for 544Mi');
    const memoryOf = ({ spec }: TestObject): string => spec.containers[0].resources.requests.memory;
    expect(memoryOf(await pair().host.until(host, 'to be there'))).toBe('256Mi');
    await pair().virtual.delete(other ?? host);
    await pair().host.until(host, 'to have grown', (pod) => memoryOf(pod) === '800Mi');
    await deleteAll(pair(), [growing ?? host]);
  });

  it('counts the storage of claims, and takes a claim when another has gone', async () => {
    const claim = (name: string, storage: string): TestObject => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    });
    const onTheHost = ({ kind = '', metadata: { name } }: TestObject): ObjectRef => ({
      apiVersion: 'v1',
      kind,
      metadata: { name: `${name}-x-default-x-${pair().name}`, namespace: pair().namespace },
    });
    const first = await pair().virtual.create(claim('first', '6Gi'));
    await pair().host.until(onTheHost(first), 'to be made');
    const second = await pair().virtual.create(claim('second', '8Gi'));
    expect(await warningOf(pair(), second, 'QuotaExceeded')).toContain(
      'quota.requests.storage: asks for 8Gi, used 6Gi of 10Gi',
    );
    expect(await pair().host.get(onTheHost(second))).toBeUndefined();
    await pair().virtual.delete(first);
    await pair().host.until(onTheHost(second), 'to be made');
    await pair().virtual.until(second, 'to be free of the note', ({ metadata }) => {
      return metadata.annotations?.['sublet.dev/sync-problem'] === undefined;
    });
    await pair().virtual.delete(second);
    await pair().host.untilGone(onTheHost(second));
  });

  it('refuses a container above the highest limit, by its field', async () => {
    const pod = await pair().virtual.create(podOf('wide', 'default', { limits: { cpu: '3' } }));
    expect(await warningOf(pair(), pod, 'FieldNotAllowed')).toBe(
      'spec.containers[0].resources.limits.cpu: is 3, and limits.max.cpu of the IsolationPolicy 2',
    );
    await pair().virtual.delete(pod);
  });

  it('lets a Service wait that takes a load balancer too many, and takes it when it does without', async () => {
    const service = await pair().virtual.create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'outside', namespace: 'default' },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }], selector: { app: 'outside' } },
    });
    expect(await warningOf(pair(), service, 'QuotaExceeded')).toContain('quota.counts.services.loadbalancers');
    const host: ObjectRef = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `outside-x-default-x-${pair().name}`, namespace: pair().namespace },
    };
    expect(await pair().host.get(host)).toBeUndefined();
    await pair().virtual.patch(service, { spec: { type: 'ClusterIP' } });
    await pair().host.until(host, 'to be made', ({ spec }) => spec.type === 'ClusterIP');
    await pair().virtual.patch(service, { spec: { type: 'LoadBalancer' } });
    await pair().virtual.until(service, 'to say why it stays as it is', ({ metadata }) =>
      metadata.annotations?.['sublet.dev/sync-problem']?.startsWith('QuotaExceeded'),
    );
    expect((await pair().host.get(host))?.spec.type).toBe('ClusterIP');
    await pair().virtual.delete(service);
    await pair().host.untilGone(host);
  });

  it('of the platform itself is told without its name, and without how much others use', async () => {
    const quota = await pair().host.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'acme-internal', namespace: pair().namespace },
      spec: { hard: { 'count/pods': '1' } },
    });
    await pair().host.until(quota, 'to be counted', ({ status }) => status?.used !== undefined);
    const pod = await pair().virtual.create(podOf('unwanted'));
    const message = await warningOf(pair(), pod, 'QuotaExceeded');
    expect(message).toBe("the platform's quota for this cluster has no room for it (asks for count/pods=1)");
    await pair().host.delete(quota);
    await eventually(async () => (await onHost(pair(), 'unwanted')).length === 1, { what: 'the pod to come' });
    await pair().virtual.delete(pod);
  });
});

describe('a quota over several host namespaces (row 33)', () => {
  const pair = usePair({
    spec: { namespaces: { mode: 'perNamespace' }, isolation: { quota: { counts: { pods: 4 } } } },
  });

  it('is one for all of them', async () => {
    const namespaces = namesOf('part', 3);
    for (const name of namespaces) {
      await pair().virtual.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } };
      await pair().virtual.until(account, 'to be made');
    }
    await eventually(async () => (await onHost(pair(), 'coredns')).length === 1, { what: 'the DNS to be on the host' });
    const pods = namespaces.flatMap((namespace) => namesOf('spread', 3).map((name) => podOf(name, namespace)));
    await Promise.all(pods.map((pod) => pair().virtual.create(pod)));
    await untilShared(pair(), 'spread', 3, 6);
    await deleteAll(pair(), pods);
    await untilShared(pair(), 'spread', 0, 0);
  });
});
