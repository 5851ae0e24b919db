import { servingAddresses } from '../../../syncer/app/replicas';
import { RESOURCES } from '../../../syncer/kube/resources';
import { nodeService } from '../../../syncer/nodes';
import { coverNodes } from '../../../syncer/nodes/node-services';
import type { Pod } from '../../../syncer/pods/types';
import type { Service } from '../../../syncer/services/types';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';

const replica = (podIP: string, { ready = true, metadata = {} }: { ready?: boolean; metadata?: object } = {}): Pod => {
  const status = { image: 'i', imageID: 'i', restartCount: 0 };
  return {
    metadata: { name: `p-${podIP}`, namespace: ARTICLE.hostNamespace, ...metadata },
    spec: { containers: [] },
    status: {
      podIP,
      containerStatuses: [
        { ...status, name: 'kube-apiserver', ready },
        { ...status, name: 'syncer', ready: false },
      ],
    },
  };
};
const addresses = (pods: readonly Pod[], own = '10.0.0.1') => servingAddresses({ list: () => pods }, own);

describe('the addresses of the virtual API server', () => {
  it('are those of all pods in which it answers, whatever their syncers do', () => {
    expect(addresses([replica('10.0.0.3'), replica('10.0.0.1'), replica('10.0.0.2')])).toEqual([
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
    ]);
  });

  it.each<[string, Pod]>([
    ['starts', replica('10.0.0.2', { ready: false })],
    ['stops', replica('10.0.0.2', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })],
    ['has an address of the other family', replica('fd00::2')],
    ['has none yet', { ...replica(''), status: {} }],
  ])('are without that of a pod that %s', (_what, pod) => {
    expect(addresses([replica('10.0.0.1'), pod])).toEqual(['10.0.0.1']);
  });

  it('have the own one among them, which the syncer talks to right now', () => {
    expect(addresses([replica('10.0.0.1', { ready: false })])).toEqual(['10.0.0.1']);
  });
});

test('a syncer that does not lead has a certificate for the nodes that others make', () => {
  const host = new MemoryApi('host');
  const cache = host.cache<Service>(RESOURCES.services);
  const covered: (readonly string[])[] = [];
  const nodeAt = (node: string, clusterIP: string): Service => {
    const made = nodeService(node, ARTICLE);
    return { ...made, spec: { ...made.spec, clusterIP } };
  };
  host.put(RESOURCES.services, nodeAt('one', '10.96.0.7'));
  coverNodes(cache, ARTICLE, { setAddresses: (all) => covered.push(all) });
  expect(covered).toEqual([['10.96.0.7']]);
  host.put(RESOURCES.services, {
    metadata: { name: 'web', namespace: ARTICLE.hostNamespace },
    spec: { clusterIP: '10.96.0.8' },
  });
  host.put(RESOURCES.services, nodeAt('two', '10.96.0.9'));
  expect(covered.at(-1)).toEqual(['10.96.0.7', '10.96.0.9']);
});
