import type { NamespacesOptions } from '../../../lib';
import { LABELS } from '../../../lib';
import { isUsable } from '../../../syncer/app/host-namespaces';
import { hostNamespaceFor } from '../../../syncer/engine/host-namespace';
import { clusterScopedMetadata, hostMetadata } from '../../../syncer/engine/metadata';
import { ownership } from '../../../syncer/engine/ownership';
import { hostPlace, ownObjects, placing } from '../../../syncer/engine/placement';
import type { ClusterContext } from '../../../syncer/engine/types';
import { ARTICLE } from './context';
import { sectionsOf } from './sections';

const context = (namespaces: NamespacesOptions, usable: readonly string[] = []): ClusterContext => ({
  ...ARTICLE,
  sections: sectionsOf({ namespaces }),
  isUsable: (name) => usable.includes(name),
});

const mapped: NamespacesOptions = {
  mode: 'mapped',
  mappings: [
    { virtual: 'shop', host: 'acme-shop' },
    { virtual: 'team-*', host: 'acme-team-*' },
    { virtual: 'team-red-*', host: 'acme-red-*' },
  ],
};

describe('the host namespace of a virtual one', () => {
  it.each<[string, NamespacesOptions, string, object]>([
    ['that of the cluster by default', { mode: 'single' }, 'shop', { kind: 'shared' }],
    ['one of its own', { mode: 'perNamespace' }, 'shop', { kind: 'own', name: 'my-vcluster-shop', named: false }],
    [
      'called as the declaration says',
      { mode: 'perNamespace', hostPattern: 'acme-*' },
      'shop',
      { kind: 'own', name: 'acme-shop', named: false },
    ],
    ['the one named in full', mapped, 'shop', { kind: 'own', name: 'acme-shop', named: true }],
    ['made by a rule', mapped, 'team-blue', { kind: 'own', name: 'acme-team-blue', named: false }],
    ['made by the longest rule', mapped, 'team-red-1', { kind: 'own', name: 'acme-red-1', named: false }],
    ['that of the cluster where no rule fits', mapped, 'other', { kind: 'shared' }],
    ['none where that is said', { ...mapped, unmapped: 'none' }, 'other', { kind: 'none' }],
    ['there for the DNS in any case', { ...mapped, unmapped: 'none' }, 'kube-system', { kind: 'shared' }],
  ])('is %s', (_what, namespaces, virtual, expected) => {
    expect(hostNamespaceFor(virtual, context(namespaces))).toEqual(expected);
  });

  it('is shortened as all names are', () => {
    const place = hostNamespaceFor('n'.repeat(63), context({ mode: 'perNamespace' }));
    expect(place).toMatchObject({ name: expect.stringMatching(/^my-vcluster-n+-[0-9a-f]{10}$/) });
    expect(place.kind === 'own' && place.name.length).toBe(63);
  });
});

describe('an object in a host namespace of its own', () => {
  const ctx = context(mapped, ['acme-shop']);
  const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', uid: 'n1' } };
  const virtual = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop', uid: 'u1' } };

  it('keeps its name, but for those that every namespace has', () => {
    expect(hostPlace('a', 'shop', ctx)).toEqual({ namespace: 'acme-shop', name: 'a' });
    expect(hostPlace('kube-root-ca.crt', 'shop', ctx).name).toBe('vcluster-kube-root-ca.crt-x-my-vcluster');
    expect(hostPlace('default', 'shop', ctx, 'ServiceAccount').name).toBe('vcluster-default-x-my-vcluster');
  });

  it('is known by labels and annotations, as its owner lies elsewhere', () => {
    const metadata = hostMetadata(virtual, ctx);
    expect(metadata.ownerReferences).toEqual([]);
    expect(metadata.labels).toMatchObject({ [LABELS.scope]: 'vcluster-my-vcluster-x-my-vcluster' });
    expect(ownership({ metadata }, ctx)).toEqual({ kind: 'ours', key: 'shop/a', uid: 'u1' });
    const another = { ...ctx, ownerUid: 'another cluster of this name' };
    expect(ownership({ metadata }, another).kind).toBe('foreign');
  });

  it('waits until its namespace is there and is ours', () => {
    expect(placing('shop', ctx)).toBe('now');
    expect(placing('team-blue', ctx)).toBe('later');
    expect(placing('other', context({ ...mapped, unmapped: 'none' }))).toBe('never');
  });

  it('never comes to a host namespace that stands for another virtual one', () => {
    const metadata = clusterScopedMetadata(NAMESPACE, ctx);
    expect(isUsable({ metadata }, true, 'shop', ctx)).toBe(true);
    expect(isUsable({ metadata }, true, 'another', ctx)).toBe(false);
    expect(isUsable({ metadata: { name: 'acme-shop' } }, true, 'shop', ctx)).toBe(true);
    expect(isUsable({ metadata: { name: 'acme-shop' } }, false, 'shop', ctx)).toBe(false);
    expect(isUsable({ metadata: { ...metadata, deletionTimestamp: 'now' } }, true, 'shop', ctx)).toBe(false);
    expect(isUsable(undefined, true, 'shop', ctx)).toBe(false);
  });

  it('is looked for in the whole host, by labels that no other cluster has', () => {
    expect(ownObjects(ctx)).toEqual({
      labelSelector: 'vcluster.loft.sh/managed-by=my-vcluster,sublet.dev/scope=vcluster-my-vcluster-x-my-vcluster',
    });
    expect(ownObjects(ARTICLE)).toEqual({
      namespace: 'vcluster-my-vcluster',
      labelSelector: 'vcluster.loft.sh/managed-by=my-vcluster',
    });
  });
});
