import { hostMetadata } from '../../../syncer/engine/metadata';
import type { HostEvent } from '../../../syncer/events';
import { EventSync } from '../../../syncer/events/sync';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { KubeObject } from '../../../syncer/kube/types';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';
import { apiError } from '../engine/memory-rules';

const { events, pods } = RESOURCES;
const { hostNamespace } = ARTICLE;
const WEB: KubeObject = { metadata: { name: 'web', namespace: 'shop', uid: 'virtual-1' } };
const HOSTED: KubeObject = { metadata: { ...hostMetadata(WEB, ARTICLE), uid: 'host-1' } };
const { name: hostPodName } = HOSTED.metadata;
const EVENT_KEY = `${hostNamespace}/${hostPodName}.17a`;
const EVENT: HostEvent = {
  metadata: { name: `${hostPodName}.17a`, namespace: hostNamespace, uid: 'event-1' },
  involvedObject: { kind: 'Pod', name: hostPodName ?? '', namespace: hostNamespace, uid: 'host-1' },
  reason: 'Pulled',
  message: `Pulled an image for ${hostPodName}`,
  type: 'Normal',
  count: 1,
  lastTimestamp: '2026-01-01T00:00:10Z',
};

/** Events on their way from a host, with a pod on both sides. */
function passing(since = '2026-01-01T00:00:00Z') {
  const virtual = new MemoryApi('virtual');
  const host = new MemoryApi('host');
  virtual.put(pods, WEB);
  host.put(pods, HOSTED);
  const hostEvents = host.cache<HostEvent>(events);
  const make = () =>
    new EventSync({
      context: ARTICLE,
      hostEvents,
      virtual,
      since: Date.parse(since),
      sources: [{ resource: pods, virtual: virtual.cache(pods), host: host.cache(pods), mentions: () => ['settings'] }],
    });
  const sync = make();
  const happen = (event: HostEvent = EVENT) => {
    host.put(events, event);
    return sync.reconcile(`${hostNamespace}/${event.metadata.name}`);
  };
  const shown = () => virtual.keys(events).map((key) => virtual.peek<HostEvent>(events, key));
  return { virtual, host, sync, make, happen, shown };
}

describe('an event about a host pod of ours', () => {
  it('is passed on to the virtual pod, in the tenant’s words', async () => {
    const { happen, shown } = passing();
    expect(await happen()).toEqual({ kind: 'created' });
    expect(shown()).toMatchObject([
      {
        metadata: { name: 'web.17a', namespace: 'shop' },
        involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'shop', uid: 'virtual-1' },
        reason: 'Pulled',
        message: 'Pulled an image for web',
      },
    ]);
  });

  it('names what the pod uses as the tenant knows it', async () => {
    const { name } = hostMetadata({ metadata: { name: 'settings', namespace: 'shop' } }, ARTICLE);
    const { happen, shown } = passing();
    await happen({ ...EVENT, message: `configmap "${name}" not found` });
    expect(shown()[0]?.message).toBe('configmap "settings" not found');
  });

  it('that repeats, updates the one that is there, without reading it', async () => {
    const { happen, shown, virtual } = passing();
    await happen();
    virtual.take();
    expect(await happen({ ...EVENT, count: 2, lastTimestamp: '2026-01-01T00:01:00Z' })).toEqual({ kind: 'patched' });
    expect(shown()).toMatchObject([{ count: 2, lastTimestamp: '2026-01-01T00:01:00Z' }]);
    expect(virtual.take()).toEqual(['PATCH events shop/web.17a']);
    expect(await happen({ ...EVENT, count: 3 })).toEqual({ kind: 'patched' });
    expect(shown()).toMatchObject([{ count: 3 }]);
  });

  it('that did not change is not written again', async () => {
    const { happen, virtual } = passing();
    await happen();
    virtual.take();
    expect(await happen()).toEqual({ kind: 'unchanged' });
    expect(virtual.requests).toEqual([]);
  });

  it('that the syncer before has passed on is found there and brought up to date', async () => {
    const { happen, make, shown } = passing();
    await happen();
    const next = make();
    expect(await next.reconcile(EVENT_KEY)).toEqual({ kind: 'unchanged' });
    expect(shown()).toHaveLength(1);
  });

  it('that repeats after the tenant has deleted it, is told anew', async () => {
    const { virtual, happen, shown } = passing();
    await happen();
    virtual.remove(events, 'shop/web.17a');
    expect(await happen({ ...EVENT, count: 2 })).toEqual({ kind: 'created' });
    expect(shown()).toMatchObject([{ count: 2 }]);
  });

  it('that goes on the host is forgotten: its successor is an event of its own', async () => {
    const { host, happen, virtual } = passing();
    await happen();
    host.remove(events, EVENT_KEY);
    virtual.remove(events, 'shop/web.17a');
    expect(await happen()).toEqual({ kind: 'created' });
  });
});

describe('a tenant hears nothing', () => {
  it.each<[string, Partial<HostEvent>]>([
    ['about pods that are not ours', { involvedObject: { ...EVENT.involvedObject, name: 'other', uid: 'x' } }],
    ['about an earlier pod of the same name', { involvedObject: { ...EVENT.involvedObject, uid: 'host-0' } }],
    ['about kinds that are not passed on', { involvedObject: { ...EVENT.involvedObject, kind: 'Secret' } }],
    ['about a pod in another namespace of the host', { involvedObject: { ...EVENT.involvedObject, namespace: 'x' } }],
    ['of what happened before this syncer', { lastTimestamp: '2025-12-31T23:59:59Z' }],
  ])('%s', async (_case, wishes) => {
    const { happen, virtual } = passing();
    expect(await happen({ ...EVENT, ...wishes })).toEqual({ kind: 'unchanged' });
    expect(virtual.requests).toEqual([]);
  });

  it('about a host pod that only looks like ours', async () => {
    const { host, happen, virtual } = passing();
    host.put(pods, { metadata: { ...HOSTED.metadata, ownerReferences: [] } });
    expect(await happen()).toEqual({ kind: 'unchanged' });
    expect(virtual.requests).toEqual([]);
  });

  it('about a pod that is gone', async () => {
    const { virtual, happen } = passing();
    virtual.remove(pods, 'shop/web');
    expect(await happen()).toEqual({ kind: 'unchanged' });
    expect(virtual.requests).toEqual([]);
  });
});

describe('when an event happened', () => {
  it.each<[string, Partial<HostEvent>]>([
    ['its last repetition', { series: { count: 2, lastObservedTime: '2026-01-02T00:00:00.000000Z' } }],
    ['its last time', { lastTimestamp: '2026-01-02T00:00:00Z' }],
    ['its own time', { eventTime: '2026-01-02T00:00:00.000000Z' }],
    ['its first time', { firstTimestamp: '2026-01-02T00:00:00Z' }],
    ['its creation', { metadata: { ...EVENT.metadata, creationTimestamp: '2026-01-02T00:00:00Z' } }],
  ])('is told by %s', async (_what, wishes) => {
    const { lastTimestamp: _, ...timeless } = EVENT;
    expect(await passing('2026-01-01T12:00:00Z').happen({ ...timeless, ...wishes })).toEqual({ kind: 'created' });
    expect(await passing('2026-01-02T12:00:00Z').happen({ ...timeless, ...wishes })).toEqual({ kind: 'unchanged' });
  });
});

describe('an event that can not be passed on', () => {
  it('since its namespace is going, is let go', async () => {
    const { virtual, happen } = passing();
    virtual.refuse = () => {
      throw apiError('POST', events, 'web', 403, 'Forbidden', 'the namespace is being terminated');
    };
    expect(await happen()).toEqual({ kind: 'unchanged' });
  });

  it('since the API server does not answer, is tried again', async () => {
    const { virtual, sync, happen, shown } = passing();
    virtual.reachable = false;
    await expect(happen()).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
    virtual.reachable = true;
    expect(await sync.reconcile(EVENT_KEY)).toEqual({ kind: 'created' });
    expect(shown()).toHaveLength(1);
  });
});
