import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import type { SyncOptions } from '../../../lib/spec';
import { hostLabelKeyOf } from '../../../syncer/engine/label-keys';
import { hostMetadata, hostNamespaceLabels, hostSelector } from '../../../syncer/engine/metadata';
import { ARTICLE } from './context';
import { sectionsOf } from './sections';

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-0',
    namespace: 'shop',
    uid: 'u1',
    labels: { app: 'web' },
    annotations: { 'ingress.kubernetes.io/rewrite': '/' },
    finalizers: ['example.com/hold'],
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 's1', controller: true }],
  },
};

describe('metadata of host objects', () => {
  it('names the virtual object and its cluster, and hashes the labels of the tenant', () => {
    expect(hostMetadata(POD, ARTICLE)).toEqual({
      name: 'web-0-x-shop-x-my-vcluster',
      namespace: 'vcluster-my-vcluster',
      labels: {
        'vcluster.loft.sh/label-my-vcluster-x-a172cedcae': 'web',
        'vcluster.loft.sh/managed-by': 'my-vcluster',
        'vcluster.loft.sh/namespace': 'shop',
      },
      annotations: {
        'vcluster.loft.sh/object-name': 'web-0',
        'vcluster.loft.sh/object-namespace': 'shop',
        'vcluster.loft.sh/object-uid': 'u1',
        'vcluster.loft.sh/object-kind': '/v1, Kind=Pod',
      },
      ownerReferences: [
        { apiVersion: 'v1', controller: false, kind: 'Service', name: 'my-vcluster', uid: ARTICLE.ownerUid },
      ],
    });
  });

  it.each(Object.values(LABELS).filter((key) => key.includes('/')))('never passes a tenant’s own label %s', (key) => {
    const { labels } = hostMetadata({ metadata: { ...POD.metadata, labels: { [key]: 'forged' } } }, ARTICLE);
    expect(labels[key]).not.toBe('forged');
    expect(labels[LABELS.managedBy]).toBe('my-vcluster');
    expect(labels[LABELS.namespace]).toBe('shop');
  });

  it.each(Object.values(ANNOTATIONS))('never passes a tenant’s own annotation %s', (key) => {
    const { annotations } = hostMetadata({ metadata: { ...POD.metadata, annotations: { [key]: 'forged' } } }, ARTICLE);
    expect(annotations[key]).not.toBe('forged');
  });

  it('does not let a kind’s further keys outvote those that tell whose the object is', () => {
    const meta = hostMetadata(POD, ARTICLE, {
      labels: { [LABELS.managedBy]: 'x', 'a/b': 'c' },
      annotations: { [ANNOTATIONS.objectUid]: 'x', 'd/e': 'f' },
    });
    expect(meta.labels).toMatchObject({ [LABELS.managedBy]: 'my-vcluster', 'a/b': 'c' });
    expect(meta.annotations).toMatchObject({ [ANNOTATIONS.objectUid]: 'u1', 'd/e': 'f' });
  });

  it('gives no UID to the copy of an object that has none yet, and no kind where a kind has none', () => {
    const { annotations } = hostMetadata({ ...POD, metadata: { name: 'a', namespace: 'b' } }, ARTICLE, {
      kindAnnotation: false,
    });
    expect(Object.keys(annotations)).toEqual([ANNOTATIONS.objectName, ANNOTATIONS.objectNamespace]);
  });
});

describe('selectors', () => {
  it('find the same objects, within namespace and cluster', () => {
    const { labels } = hostMetadata(POD, ARTICLE);
    expect(labels).toMatchObject(hostSelector({ app: 'web' }, 'shop', ARTICLE));
    expect(hostSelector({ [LABELS.namespace]: 'other' }, 'shop', ARTICLE)).toMatchObject({
      [LABELS.namespace]: 'shop',
    });
  });
});

const withSync = (sync: SyncOptions) => ({ ...ARTICLE, sections: sectionsOf({ sync }) });

describe('preserved labels', () => {
  const ALL = withSync({ labels: { preserve: ['*'] } });

  it.each([
    ['release', 'a4d451ec23'],
    ['vcluster.loft.sh/namespace', '101dcd4e86'],
    ['vcluster.loft.sh/managed-by', 'e5f1b28ab2'],
    ['vcluster.loft.sh/controlled-by', '2080cec00f'],
  ])('never include %s, which becomes …%s as with vCluster', (key, hash) => {
    expect(hostLabelKeyOf(key, ALL)).toBe(`vcluster.loft.sh/label-my-vcluster-x-${hash}`);
  });

  it.each([
    'sublet.dev/config-of',
    'vcluster.loft.sh/ns-label-my-vcluster-x-cf1227b7b2',
    'endpointslice.kubernetes.io/managed-by',
    'kubernetes.io/service-name',
    'sidecar.istio.io/inject',
    'istio.io/rev',
    'azure.workload.identity/use',
    'topology.kubernetes.io/zone',
  ])('never include %s by themselves', (key) => {
    expect(hostLabelKeyOf(key, ALL)).toMatch(/^vcluster\.loft\.sh\/label-my-vcluster-x-[0-9a-f]{10}$/);
  });

  it.each(['app', 'app.kubernetes.io/name', 'example.com/team', 'pod-template-hash'])('include %s under *', (key) => {
    expect(hostLabelKeyOf(key, ALL)).toBe(key);
  });

  it.each([
    ['app', true],
    ['application', false],
    ['example.com/team', true],
    ['example.community/team', false],
  ])('by list: %s is one: %s', (key, preserved) => {
    const some = withSync({ labels: { preserve: ['app', 'example.com/*'] } });
    expect(hostLabelKeyOf(key, some) === key).toBe(preserved);
  });

  it('may include keys of host controllers where the declaration says that they are not the host’s', () => {
    const istio = withSync({ labels: { preserve: ['sidecar.istio.io/inject'], hostOwned: [] } });
    expect(hostLabelKeyOf('sidecar.istio.io/inject', istio)).toBe('sidecar.istio.io/inject');
  });

  it('stand in selectors as they stand on objects', () => {
    const labels = { app: 'web', release: 'x', 'example.com/team': 'a' };
    expect(hostMetadata({ ...POD, metadata: { ...POD.metadata, labels } }, ALL).labels).toEqual(
      hostSelector(labels, 'shop', ALL),
    );
  });

  it('never outvote labels that a kind sets', () => {
    const { labels } = hostMetadata(POD, ALL, { labels: { app: 'ours' } });
    expect(labels).toMatchObject({ app: 'ours' });
  });
});

describe('annotations of a tenant', () => {
  it.each([
    ['by default, of pods', {}, 'Pod', ['cluster-autoscaler.kubernetes.io/safe-to-evict']],
    ['of another kind', {}, 'Service', []],
    ['of a kind that is named', { services: ['a.com/*'] }, 'Service', ['a.com/x']],
    ['of a kind whose default was replaced', { pods: ['a.com/x'] }, 'Pod', ['a.com/x']],
    [
      'that are all let pass',
      { secrets: ['*'] },
      'Secret',
      ['a.com/x', 'cluster-autoscaler.kubernetes.io/safe-to-evict'],
    ],
    ['of a kind that the declaration does not know', { secrets: ['*'] }, 'Certificate', []],
  ])('pass %s', (_what, toHost, kind, passed) => {
    const annotations = {
      'a.com/x': '1',
      'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
      'pv.kubernetes.io/bind-completed': 'yes',
      'kubernetes.io/service-account.name': 'admin',
    };
    const meta = hostMetadata(
      { apiVersion: 'v1', kind, metadata: { name: 'a', namespace: 'b', uid: 'c', annotations } },
      withSync({ annotations: { toHost } }),
    );
    const own = Object.keys(meta.annotations).filter((key) => !/^(vcluster\.loft\.sh|sublet\.dev)\//.test(key));
    expect(own.sort()).toEqual(passed);
  });
});

describe('labels of a virtual namespace', () => {
  const context = {
    ...withSync({ namespaceLabels: { alsoOn: ['services'] } }),
    labelsOfNamespace: () => ({ 'kubernetes.io/metadata.name': 'shop', team: 'a' }),
  };

  it.each([
    ['Service', 2],
    ['Secret', 0],
  ])('are on a %s where that was asked for', (kind, count) => {
    const { labels } = hostMetadata({ ...POD, kind }, context);
    expect(Object.keys(labels).filter((key) => key.includes('/ns-label-'))).toHaveLength(count);
  });

  it.each([
    ['my-vcluster', 'vcluster.loft.sh/ns-label-my-vcluster-x-cf1227b7b2'],
    [
      'a-very-very-long-virtual-cluster-name',
      'vcluster.loft.sh/ns-label-a-very-very-long-virtual-cluster-name-x-cf1227b7b2',
    ],
  ])('in %s become %s, as with vCluster', (cluster, key) => {
    expect(hostNamespaceLabels({ 'kubernetes.io/metadata.name': 'default' }, { ...ARTICLE, cluster })).toEqual({
      [key]: 'default',
    });
  });
});
