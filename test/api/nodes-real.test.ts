import { describeKindToVirtual } from './contract/to-virtual';
import type { TestObject } from './support/api';
import { usePair } from './support/use-pair';

const LABEL = 'nodes-real-test';
const pair = usePair({
  spec: {
    nodes: {
      mode: 'selected',
      selector: { [LABEL]: 'yes' },
      hide: { labels: ['secret.example.com/*'], taints: ['secret'] },
      toHost: { labels: [`${LABEL}.example.com/*`], taints: [`${LABEL}.example.com/*`] },
    },
  },
});

const hostNode = (name: string): TestObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: { [LABEL]: 'yes', pool: 'fast', 'secret.example.com/rack': '7' },
    annotations: { 'example.com/serial': '1234' },
  },
  spec: { providerID: `cloud://${name}` },
});

describeKindToVirtual({
  name: 'a node of the host',
  pair,
  object: hostNode,
  expectVirtual: { metadata: { labels: { pool: 'fast' } } },
  updates: [
    {
      what: 'its labels',
      patch: { metadata: { labels: { pool: 'slow' } } },
      expect: { metadata: { labels: { pool: 'slow' } } },
    },
    {
      what: 'its amounts',
      subresource: 'status',
      patch: { status: { capacity: { cpu: '8' }, allocatable: { cpu: '7' } } },
      expect: { status: { capacity: { cpu: '8' }, allocatable: { cpu: '7' } } },
    },
    { what: 'its cordon', patch: { spec: { unschedulable: true } }, expect: { spec: { unschedulable: true } } },
  ],
  stray: { metadata: { labels: { pool: 'mine' } } },
  deselect: { metadata: { labels: { [LABEL]: 'no' } } },
});

describe('a node of the host, shown in the virtual cluster', () => {
  const name = (what: string) => `${pair().name}-${what}`;
  const made: TestObject[] = [];
  const make = async (what: string): Promise<TestObject> => {
    const host = await pair().host.create(hostNode(name(what)));
    made.push(host);
    await pair().virtual.until(host, 'to be shown');
    return host;
  };
  afterAll(async () => {
    await Promise.all(made.map((object) => pair().host.delete(object)));
    await Promise.all(made.map((object) => pair().virtual.untilGone(object)));
  });

  it('hides what is to be hidden', async () => {
    const host = await make('hidden');
    await pair().host.patch(host, {
      spec: {
        taints: [
          { key: 'secret', effect: 'NoSchedule' },
          { key: 'open', effect: 'NoSchedule' },
        ],
      },
    });
    const shown = await pair().virtual.until(host, 'to have the taint', ({ spec }) =>
      spec.taints?.some(({ key }: { key: string }) => key === 'open'),
    );
    const text = JSON.stringify({ ...shown, metadata: { ...shown.metadata, managedFields: [] } });
    for (const secret of ['secret', 'serial', 'cloud://']) expect(text).not.toContain(secret);
  });

  it('keeps what the tenant adds, and brings the listed keys to the host', async () => {
    const host = await make('added');
    const key = `${LABEL}.example.com/x`;
    const taint = { key, effect: 'NoSchedule' };
    await pair().virtual.patch(host, { metadata: { labels: { mine: 'yes', [key]: '1' } }, spec: { taints: [taint] } });
    const brought = await pair().host.until(
      host,
      'to have label and taint',
      ({ metadata, spec }) =>
        metadata.labels?.[key] === '1' && spec.taints?.some((one: { key: string }) => one.key === key),
    );
    expect(brought.metadata.labels?.mine).toBeUndefined();
    await pair().host.patch(host, { metadata: { labels: { pool: null } } });
    const shown = await pair().virtual.until(
      host,
      'to lose the label',
      ({ metadata }) => metadata.labels?.pool === undefined,
    );
    expect(shown.metadata.labels?.mine).toBe('yes');
    await pair().virtual.patch(host, { metadata: { labels: { [key]: null } }, spec: { taints: null } });
    await pair().host.until(
      host,
      'to lose label and taint',
      ({ metadata, spec }) =>
        metadata.labels?.[key] === undefined && !spec.taints?.some((one: { key: string }) => one.key === key),
    );
  });
});
