import { hostName } from '../../../lib/contract';
import {
  eventChanges,
  type HostEvent,
  type InvolvedObject,
  isAbout,
  isNodeLossEvent,
  scrubMessage,
  toVirtualEvent,
} from '../../../syncer/events';
import { ARTICLE } from '../engine/context';

const HOST_POD = 'web-0-x-shop-x-my-vcluster';
const INVOLVED: InvolvedObject = { apiVersion: 'v1', kind: 'Pod', name: 'web-0', namespace: 'shop', uid: 'v-uid' };
const PULLED: HostEvent = {
  metadata: { name: `${HOST_POD}.17c3a0f1b2c3d4e5`, namespace: 'vcluster-my-vcluster', uid: 'e1' },
  involvedObject: {
    apiVersion: 'v1',
    kind: 'Pod',
    name: HOST_POD,
    namespace: 'vcluster-my-vcluster',
    uid: 'h-uid',
    fieldPath: 'spec.containers{nginx}',
    resourceVersion: '77',
  },
  type: 'Normal',
  reason: 'Pulled',
  message: 'Container image "nginx" already present on machine',
  count: 3,
  firstTimestamp: '2026-01-01T00:00:00Z',
  lastTimestamp: '2026-01-01T00:01:00Z',
  source: { component: 'kubelet', host: 'worker-1' },
  reportingComponent: 'kubelet',
  reportingInstance: 'worker-1',
};
const virtualOf = (event: HostEvent, involved: InvolvedObject | undefined = INVOLVED) => {
  const translated = toVirtualEvent(event, involved, ARTICLE);
  if (translated.kind !== 'object') throw new Error('not translated');
  return translated.object;
};

describe('an event of the host', () => {
  it('is told about the virtual object, with all but the host’s names', () => {
    expect(virtualOf(PULLED)).toEqual({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'web-0.17c3a0f1b2c3d4e5', namespace: 'shop' },
      involvedObject: { ...INVOLVED, fieldPath: 'spec.containers{nginx}' },
      type: 'Normal',
      reason: 'Pulled',
      message: 'Container image "nginx" already present on machine',
      count: 3,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:01:00Z',
      source: { component: 'kubelet', host: 'worker-1' },
      reportingComponent: 'kubelet',
      reportingInstance: 'worker-1',
    });
  });

  it('about an object of the host is dropped', () => {
    expect(toVirtualEvent(PULLED, undefined, ARTICLE)).toMatchObject({ kind: 'skip' });
  });

  it('is about an object only under its UID', () => {
    const metadata = { name: HOST_POD, namespace: 'vcluster-my-vcluster', uid: 'h-uid' };
    expect(isAbout(PULLED, { metadata })).toBe(true);
    expect(isAbout(PULLED, { metadata: { ...metadata, uid: 'its-successor' } })).toBe(false);
  });

  it('does not tell on which host the scheduler runs', () => {
    const { reportingInstance, source } = virtualOf({
      ...PULLED,
      source: {},
      reportingComponent: 'default-scheduler',
      reportingInstance: 'default-scheduler-control-plane-7',
    });
    expect({ reportingInstance, source }).toEqual({ reportingInstance: 'default-scheduler', source: {} });
  });

  it('keeps one name through its repetitions, and only what changed is written', () => {
    const again = virtualOf({ ...PULLED, count: 4, lastTimestamp: '2026-01-01T00:02:00Z' });
    expect(again.metadata.name).toBe(virtualOf(PULLED).metadata.name);
    expect(eventChanges(virtualOf(PULLED), virtualOf(PULLED))).toEqual([]);
    expect(eventChanges(again, virtualOf(PULLED))).toEqual([
      { kind: 'patch', patch: { count: 4, lastTimestamp: '2026-01-01T00:02:00Z' } },
    ]);
  });

  it('gets a valid name, however long or odd that of the host is', () => {
    const odd = virtualOf({ ...PULLED, metadata: { name: 'odd', uid: 'e2' } }, { ...INVOLVED, name: 'x'.repeat(253) });
    expect(odd.metadata.name).toMatch(/^[a-z0-9.-]{1,253}$/);
    expect(odd.metadata.name).toBe(
      virtualOf({ ...PULLED, metadata: { name: 'odd', uid: 'e2' } }, { ...INVOLVED, name: 'x'.repeat(253) }).metadata
        .name,
    );
  });

  it('about a cluster-scoped object lies in the namespace default', () => {
    const involved = { ...INVOLVED, kind: 'PersistentVolume', namespace: undefined };
    expect(virtualOf(PULLED, involved).metadata.namespace).toBe('default');
    expect(virtualOf(PULLED, involved).involvedObject).not.toHaveProperty('namespace');
  });
});

describe('texts of the host', () => {
  const long = 'a-very-long-name-for-a-secret-to-overflow-the-limit';
  it.each([
    [
      'Successfully assigned vcluster-my-vcluster/web-0-x-shop-x-my-vcluster to worker-1',
      'Successfully assigned shop/web-0 to worker-1',
    ],
    [
      'MountVolume.SetUp failed for volume "v": secret "tls-x-shop-x-my-vcluster" not found',
      'MountVolume.SetUp failed for volume "v": secret "tls" not found',
    ],
    [
      'object "vcluster-my-vcluster"/"kube-root-ca.crt-x-shop-x-my-vcluster" not registered',
      'object "shop"/"kube-root-ca.crt" not registered',
    ],
    [
      'Back-off restarting failed container c in pod web-0-x-shop-x-my-vcluster_vcluster-my-vcluster(h-uid)',
      'Back-off restarting failed container c in pod web-0_shop(v-uid)',
    ],
    ['Preempted by other-x-kube-system-x-my-vcluster', 'Preempted by other'],
    ['pods "a-x-b-x-shop-x-my-vcluster" in namespace vcluster-my-vcluster', 'pods "a-x-b" in namespace shop'],
    [`secret "${hostName(long, 'shop', 'my-vcluster')}" not found`, `secret "${long}" not found`],
    ['dial tcp: lookup x.vcluster-my-vcluster.svc', 'dial tcp: lookup x.shop.svc'],
    ['the pod of shop-x-my-vcluster-2 is not ours', 'the pod of shop-x-my-vcluster-2 is not ours'],
    ['nothing to see', 'nothing to see'],
  ])('%s', (text, expected) => {
    const mentions = { names: ['web-0', long], uids: [['h-uid', 'v-uid']] as const };
    expect(scrubMessage(text, 'shop', mentions, ARTICLE)).toBe(expected);
  });

  it('are not mangled where the host namespace is an ordinary word', () => {
    const ctx = { ...ARTICLE, hostNamespace: 'test' };
    const text = 'Readiness probe failed: test of test/web-0-x-shop-x-my-vcluster: testing test';
    expect(scrubMessage(text, 'shop', { names: [], uids: [] }, ctx)).toBe(
      'Readiness probe failed: test of shop/web-0: testing test',
    );
  });

  it('are scrubbed in bounded time', () => {
    const started = process.hrtime.bigint();
    scrubMessage('a-x-'.repeat(5000), 'shop', { names: [], uids: [] }, ARTICLE);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(5000);
  });
});

describe('the host’s word that a node is lost', () => {
  const loss = { ...PULLED, reason: 'NodeNotReady', source: { component: 'node-controller' } };
  it.each<[string, HostEvent, boolean]>([
    ['of its node controller', loss, true],
    ['of somebody else', { ...loss, source: { component: 'tenant' } }, false],
    ['about something else', PULLED, false],
    ['about no pod', { ...loss, involvedObject: { kind: 'Node', name: 'worker-1' } }, false],
  ])('%s', (_case, event, expected) => {
    expect(isNodeLossEvent(event)).toBe(expected);
  });
});
