import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import { hostMetadata, hostSelector } from '../../../syncer/engine/metadata';
import { ARTICLE } from './context';

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
