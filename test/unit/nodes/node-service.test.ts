import { ownership } from '../../../syncer/engine/ownership';
import { nodeOfService, nodeService, nodeServiceChanges } from '../../../syncer/nodes';
import { ARTICLE } from '../engine/context';

const LONG = `ip-10-0-0-1.${'a'.repeat(60)}.compute.internal`;

describe('the host Service of a virtual node', () => {
  const service = nodeService('vcluster-worker3', ARTICLE);

  it('is the article’s, and leads to the kubelet API of the control plane', () => {
    expect(service).toMatchObject({
      metadata: {
        name: 'my-vcluster-node-vcluster-worker3',
        namespace: 'vcluster-my-vcluster',
        labels: {
          'vcluster.loft.sh/belongs-to': 'my-vcluster',
          'vcluster.loft.sh/node': 'vcluster-worker3',
          'vcluster.loft.sh/managed-by': 'my-vcluster',
        },
      },
      spec: {
        type: 'ClusterIP',
        selector: { app: 'vcluster', release: 'my-vcluster' },
        ports: [{ port: 10250, targetPort: 10250 }],
      },
    });
  });

  it('is not mistaken for the copy of a tenant’s Service', () => {
    expect(ownership(service, ARTICLE).kind).toBe('foreign');
  });

  it.each(['vcluster-worker3', 'node.example.com', LONG])('tells that it is the one of %s', (node) => {
    const made = nodeService(node, ARTICLE);
    expect(nodeOfService(made, ARTICLE)).toBe(node);
    for (const value of Object.values(made.metadata.labels ?? {})) expect(value.length).toBeLessThanOrEqual(63);
  });

  it.each([
    ['another owner', { ownerReferences: [] }],
    ['another name', { name: 'my-vcluster-node-other' }],
    ['another cluster', { labels: { ...service.metadata.labels, 'vcluster.loft.sh/belongs-to': 'x' } }],
    ['another node', { labels: { ...service.metadata.labels, 'vcluster.loft.sh/node': 'x' } }],
    ['another namespace', { namespace: 'default' }],
  ])('is not ours with %s', (_case, change) => {
    expect(nodeOfService({ ...service, metadata: { ...service.metadata, ...change } }, ARTICLE)).toBeUndefined();
  });

  it('is repaired, but keeps what the host gave it', () => {
    const given = { ...service, spec: { ...service.spec, clusterIP: '10.96.0.9', sessionAffinity: 'None' } };
    expect(nodeServiceChanges(service, given)).toEqual([]);
    expect(nodeServiceChanges(service, { ...given, spec: { ...given.spec, selector: { app: 'x' } } })).toEqual([
      { kind: 'patch', patch: { spec: { selector: { app: 'vcluster', release: 'my-vcluster' } } } },
    ]);
  });
});
