import fc from 'fast-check';
import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import { podContext, translated, virtualPod } from './fixtures';

describe('metadata of a host pod', () => {
  it.each([
    ['nginx', 'default', 'my-vcluster', 'nginx-x-default-x-my-vcluster'],
    [
      'a-very-long-name-for-a-pod-to-overflow',
      'a-long-namespace-name',
      'my-vcluster',
      'a-very-long-name-for-a-pod-to-overflow-x-a-long-name-dad37052a6',
    ],
  ])('gives %s in %s of %s the name %s', (name, namespace, cluster, expected) => {
    const host = translated(virtualPod({ metadata: { name, namespace } }), podContext({ cluster }));
    expect(host.metadata.name).toBe(expected);
    expect(host.metadata.namespace).toBe('team-a');
  });

  it('names cluster, namespace and virtual object, and belongs to the Service of the cluster', () => {
    const { metadata } = translated(virtualPod({ spec: { serviceAccountName: 'builder' } }));
    expect(metadata.labels).toMatchObject({ [LABELS.managedBy]: 'my-vcluster', [LABELS.namespace]: 'default' });
    expect(metadata.annotations).toEqual({
      [ANNOTATIONS.objectName]: 'nginx',
      [ANNOTATIONS.objectNamespace]: 'default',
      [ANNOTATIONS.objectUid]: 'uid-1',
      [ANNOTATIONS.objectKind]: '/v1, Kind=Pod',
      [ANNOTATIONS.serviceAccountName]: 'builder',
      [ANNOTATIONS.labels]: '',
      [ANNOTATIONS.generation]: '1',
    });
    expect(metadata.ownerReferences).toEqual([
      { apiVersion: 'v1', kind: 'Service', name: 'my-vcluster', uid: 'owner-uid', controller: false },
    ]);
  });

  it.each([
    ['my-vcluster', 'vcluster.loft.sh/ns-label-my-vcluster-x-cf1227b7b2'],
    [
      'a-very-very-long-virtual-cluster-name-that-does-not-fit',
      expect.stringMatching(/^vcluster\.loft\.sh\/ns-label-a-very-very-long-virtual-c/),
    ],
  ])('carries the labels of its namespace, in %s', (cluster, key) => {
    const { metadata } = translated(virtualPod(), podContext({ cluster }));
    expect(Object.keys(metadata.labels ?? {})).toContainEqual(key);
  });

  it('leaves annotations, finalizers and owners of the tenant behind', () => {
    const { metadata } = translated(
      virtualPod({
        metadata: {
          annotations: { 'k8s.v1.cni.cncf.io/networks': 'host-net', [ANNOTATIONS.objectUid]: 'forged' },
          finalizers: ['example.com/block'],
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'rs-uid' }],
        },
      }),
    );
    expect(metadata.annotations).not.toHaveProperty(['k8s.v1.cni.cncf.io/networks']);
    expect(metadata.annotations?.[ANNOTATIONS.objectUid]).toBe('uid-1');
    expect(metadata.finalizers).toBeUndefined();
    expect(metadata.ownerReferences).toHaveLength(1);
  });

  it('lets no label key of the tenant reach the host as it is, whatever it is', () => {
    const reserved = fc.constantFrom(LABELS.managedBy, LABELS.namespace, 'app', 'release', 'vcluster.loft.sh/label-x');
    const key = fc.oneof(reserved, fc.stringMatching(/^[a-z]([-a-z0-9./]{0,30}[a-z0-9])?$/));
    fc.assert(
      fc.property(fc.dictionary(key, fc.constant('forged')), (labels) => {
        const host = translated(virtualPod({ metadata: { labels } })).metadata.labels ?? {};
        const forged = Object.keys(host).filter((name) => host[name] === 'forged');
        expect(forged.every((name) => /^vcluster\.loft\.sh\/label-my-vcluster-x-[0-9a-f]{10}$/.test(name))).toBe(true);
        expect(forged).toHaveLength(Object.keys(labels).length);
        expect(host).toMatchObject({ [LABELS.managedBy]: 'my-vcluster', [LABELS.namespace]: 'default' });
      }),
    );
  });
});
