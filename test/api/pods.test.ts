import { clusterNames, hostLabelKey, hostName, tokenSecretName } from '../../lib/contract';
import { RESOURCES } from '../../syncer/kube/resources';
import { eventually } from '../support/eventually';
import { describeKindToHost } from './contract/to-host';
import type { TestObject } from './support/api';
import { usePair } from './support/use-pair';

const pair = usePair();

const pod = (name: string, namespace: string, spec: object = {}): TestObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: 'web' }, annotations: { 'sidecar.example/inject': 'true' } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'main', image: 'registry.example/web:1' }],
    ...spec,
  },
});

const STRATEGIC = 'application/strategic-merge-patch+json';

describeKindToHost({
  name: 'Pod',
  pair,
  object: pod,
  settled: { status: { phase: 'Running' } },
  expectHost: (_, { name }) => ({
    metadata: { labels: { [hostLabelKey('app', name)]: 'web' } },
    spec: {
      serviceAccountName: clusterNames(name).workloadServiceAccount,
      automountServiceAccountToken: false,
      containers: [{ name: 'main', image: 'registry.example/web:1' }],
    },
  }),
  updates: [
    {
      what: 'a label',
      patch: { metadata: { labels: { app: 'shop' } } },
      expect: (_, { name }) => ({ metadata: { labels: { [hostLabelKey('app', name)]: 'shop' } } }),
    },
    {
      what: 'an image',
      type: STRATEGIC,
      patch: { spec: { containers: [{ name: 'main', image: 'registry.example/web:2' }] } },
      expect: { spec: { containers: [{ name: 'main', image: 'registry.example/web:2' }] } },
    },
    {
      what: 'its deadline',
      patch: { spec: { activeDeadlineSeconds: 3600 } },
      expect: { spec: { activeDeadlineSeconds: 3600 } },
    },
  ],
  stray: (host) => {
    const [key = ''] = Object.keys(host.metadata.labels ?? {}).filter((label) => label.includes('/label-'));
    return { metadata: { labels: { [key]: 'strayed' } } };
  },
  fromHost: [
    {
      what: 'a status',
      patch: { status: { reason: 'Tested', message: 'by hand' } },
      subresource: 'status',
      expect: { status: { reason: 'Tested', message: 'by hand' } },
    },
  ],
  onHostDeletion: 'the end of the virtual object',
  foreign: ({ apiVersion, kind, metadata }) => ({
    apiVersion,
    kind,
    metadata,
    spec: { schedulingGates: [{ name: 'never.example/runs' }], containers: [{ name: 'main', image: 'busybox' }] },
  }),
});

describe('a pod', () => {
  it('is bound to the node that the host chose, runs with its address, and has the tokens of its own cluster', async () => {
    const { virtual, host, name, namespace } = pair();
    const created = await virtual.create(pod('whole', 'default'));
    const running = await virtual.until(created, 'to run', ({ status }) => status.phase === 'Running');
    const copy = await host.get({ ...created, metadata: { name: hostName('whole', 'default', name), namespace } });
    expect(running.spec.nodeName).toBe(copy?.spec.nodeName);
    expect(running.status.podIP).toBe(copy?.status.podIP);
    const tokens = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: tokenSecretName('whole', 'default', name), namespace },
    };
    await host.until(tokens, 'to be written');
    await virtual.delete(running);
    await virtual.untilGone(running);
    await host.untilGone(tokens);
  });

  it('that the host refuses tells why, and comes once it is allowed', async () => {
    const { virtual, host, name, namespace } = pair();
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'full', namespace },
      spec: { hard: { pods: '0' } },
    };
    await host.create(quota);
    await host.until(quota, 'to count', ({ status }) => status?.hard !== undefined);
    const created = await virtual.create(pod('waits', 'default'));
    const told = async (): Promise<boolean> =>
      (await virtual.list(RESOURCES.events, 'default')).some(
        ({ reason, involvedObject }) => reason === 'QuotaExceeded' && involvedObject.uid === created.metadata.uid,
      );
    await eventually(told, { what: 'an event QuotaExceeded', everyMs: 50 });
    await host.delete(quota);
    await host.until({ ...created, metadata: { name: hostName('waits', 'default', name), namespace } }, 'to be copied');
  });

  it('shows its host copy what the tenant says of a readiness gate', async () => {
    const { virtual, host, name, namespace } = pair();
    const gate = 'example.com/checked';
    const created = await virtual.create(pod('gated', 'default', { readinessGates: [{ conditionType: gate }] }));
    await virtual.until(created, 'to run', ({ status }) => status.phase === 'Running');
    const conditions = [{ type: gate, status: 'True' }];
    await virtual.patch(created, { status: { conditions } }, { subresource: 'status', type: STRATEGIC });
    const copy = { ...created, metadata: { name: hostName('gated', 'default', name), namespace } };
    await host.until(copy, 'to have the condition', ({ status }) =>
      status.conditions?.some((one: TestObject) => one.type === gate && one.status === 'True'),
    );
    await virtual.delete(created);
  });
});

describe('an event about a host pod', () => {
  it('reaches the virtual pod without names of the host, and again when it is repeated', async () => {
    const { virtual, host, name, namespace } = pair();
    const created = await virtual.create(pod('eventful', 'default'));
    const ref = { ...created, metadata: { name: hostName('eventful', 'default', name), namespace } };
    const copy = await host.until(ref, 'to be copied');
    const event = await host.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${ref.metadata.name}.17a`, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name: copy.metadata.name, namespace, uid: copy.metadata.uid },
      reason: 'Unwell',
      message: `container main of pod ${namespace}/${copy.metadata.name} is unwell`,
      type: 'Warning',
      count: 1,
      firstTimestamp: new Date().toISOString(),
      lastTimestamp: new Date().toISOString(),
    });
    const shown = { apiVersion: 'v1', kind: 'Event', metadata: { name: 'eventful.17a', namespace: 'default' } };
    const first = await virtual.until(shown, 'to be shown');
    expect(first).toMatchObject({ reason: 'Unwell', involvedObject: { name: 'eventful', uid: created.metadata.uid } });
    expect(first.message).toBe('container main of pod default/eventful is unwell');
    await host.patch(event, { count: 2 });
    await virtual.until(shown, 'to be counted', ({ count }) => count === 2);
  });

  it('that happened while the syncer was away is told when it is back', async () => {
    const { virtual, host, syncer, name, namespace } = pair();
    const created = await virtual.create(pod('missed', 'default'));
    const ref = { ...created, metadata: { name: hostName('missed', 'default', name), namespace } };
    const copy = await host.until(ref, 'to be copied');
    await syncer.kill();
    await host.create({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${ref.metadata.name}.17b`, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name: copy.metadata.name, namespace, uid: copy.metadata.uid },
      reason: 'Missed',
      message: 'nobody was there',
      type: 'Normal',
      lastTimestamp: new Date().toISOString(),
    });
    await syncer.start();
    await virtual.until(
      { apiVersion: 'v1', kind: 'Event', metadata: { name: 'missed.17b', namespace: 'default' } },
      'to be shown',
    );
  });
});
