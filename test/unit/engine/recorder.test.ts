import { createRecorder } from '../../../syncer/engine/recorder';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { KubeObject } from '../../../syncer/kube/types';
import { settle } from '../kube/support/manual-clock';
import { MemoryApi } from './memory-api';
import { apiError } from './memory-rules';

const WEB: KubeObject = { metadata: { name: 'web', namespace: 'shop', uid: 'u1', resourceVersion: '7' } };
const NODE: KubeObject = { metadata: { name: 'worker-1', uid: 'u2' } };

function recording() {
  const api = new MemoryApi('virtual');
  const errors: unknown[] = [];
  const recorder = createRecorder(
    api,
    (error) => errors.push(error),
    () => api.now,
  );
  const warn = async (object = WEB, reason = 'NameTaken', message = 'Rename it.') => {
    recorder.warn(object === NODE ? RESOURCES.nodes : RESOURCES.services, object, reason, message);
    await settle();
  };
  const events = () =>
    api.keys(RESOURCES.events).map((key) => api.peek<KubeObject & { message: string }>(RESOURCES.events, key));
  return { api, errors, warn, events };
}

describe('a warning to the tenant', () => {
  it('is an event on the tenant’s own object', async () => {
    const { warn, events } = recording();
    await warn();
    expect(events()).toMatchObject([
      {
        kind: 'Event',
        metadata: { namespace: 'shop' },
        involvedObject: {
          apiVersion: 'v1',
          kind: 'Service',
          name: 'web',
          namespace: 'shop',
          uid: 'u1',
          resourceVersion: '7',
        },
        type: 'Warning',
        reason: 'NameTaken',
        message: 'Rename it.',
        source: { component: 'sublet-syncer' },
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:00:00Z',
        count: 1,
      },
    ]);
  });

  it('about an object without a namespace lies in default', async () => {
    const { warn, events } = recording();
    await warn(NODE);
    expect(events()).toMatchObject([
      { metadata: { namespace: 'default' }, involvedObject: { kind: 'Node', name: 'worker-1', uid: 'u2' } },
    ]);
    expect(events()[0]).not.toHaveProperty('involvedObject.namespace');
  });

  it('is given once in five minutes, and then again', async () => {
    const { api, warn, events } = recording();
    await warn();
    api.now += 5 * 60_000;
    await warn();
    expect(events()).toHaveLength(1);
    api.now += 1;
    await warn();
    expect(events()).toHaveLength(2);
  });

  it.each<[string, KubeObject, string, string]>([
    ['another object of that name', { metadata: { ...WEB.metadata, uid: 'u3' } }, 'NameTaken', 'Rename it.'],
    ['another reason', WEB, 'NameCollision', 'Rename it.'],
    ['another message', WEB, 'NameTaken', 'Rename it, please.'],
  ])('is given at once for %s', async (_case, object, reason, message) => {
    const { warn, events } = recording();
    await warn();
    await warn(object, reason, message);
    expect(events()).toHaveLength(2);
  });

  it('is no longer than the API takes', async () => {
    const { warn, events } = recording();
    await warn(WEB, 'SyncError', 'x'.repeat(5000));
    expect(events()[0]?.message).toHaveLength(1024);
  });

  it('that can not be given harms nobody', async () => {
    const { api, errors, warn } = recording();
    const refusal = apiError('POST', RESOURCES.events, 'web', 403, 'Forbidden', 'the namespace is being terminated');
    api.refuse = () => {
      throw refusal;
    };
    await warn();
    expect(errors).toEqual([refusal]);
  });

  it('is one of at most 25 different ones about an object', async () => {
    const { warn, events, api } = recording();
    for (let index = 0; index < 40; index += 1) await warn(WEB, 'QuotaExceeded', `used ${index}`);
    expect(events()).toHaveLength(25);
    api.now += 301_000;
    await warn(WEB, 'QuotaExceeded', 'used 0');
    expect(events()).toHaveLength(26);
  });

  it('is dropped in a flood, until some time has passed', async () => {
    const { warn, events, api } = recording();
    const flood = async (count: number, from: number) => {
      for (let index = from; index < from + count; index += 1)
        await warn({ metadata: { ...WEB.metadata, name: `web-${index}`, uid: `u-${index}` } });
    };
    await flood(600, 0);
    expect(events()).toHaveLength(500);
    api.now += 2_000;
    await flood(100, 600);
    expect(events()).toHaveLength(540);
  });
});
