import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import { hostMetadata } from '../../../syncer/engine/metadata';
import { belongsTo, ownership } from '../../../syncer/engine/ownership';
import type { ObjectMeta } from '../../../syncer/kube/types';
import { ARTICLE } from './context';

const VIRTUAL = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', uid: 'u1' } };
const META = hostMetadata(VIRTUAL, ARTICLE);
const { [ANNOTATIONS.objectUid]: _, ...withoutUid } = META.annotations;

describe('whose a host object is', () => {
  it('ours, when all signs agree', () => {
    expect(ownership({ metadata: META }, ARTICLE)).toEqual({ kind: 'ours', key: 'shop/web', uid: 'u1' });
  });

  it('ours without a UID, while its virtual object is in admission', () => {
    const annotations = { ...withoutUid, [ANNOTATIONS.pendingSince]: '2026-01-01T00:00:00Z' };
    expect(ownership({ metadata: { ...META, annotations } }, ARTICLE)).toEqual({
      kind: 'ours',
      key: 'shop/web',
      uid: undefined,
    });
  });

  it.each<[string, ObjectMeta]>([
    ['another namespace', { ...META, namespace: 'default' }],
    ['no managed-by label', { ...META, labels: { [LABELS.namespace]: 'shop' } }],
    ['another cluster’s label', { ...META, labels: { ...META.labels, [LABELS.managedBy]: 'other' } }],
    ['another namespace in the label', { ...META, labels: { ...META.labels, [LABELS.namespace]: 'other' } }],
    ['no annotations', { ...META, annotations: {} }],
    ['another object’s name', { ...META, annotations: { ...META.annotations, [ANNOTATIONS.objectName]: 'db' } }],
    ['a name that is not the translated one', { ...META, name: 'web-abcde' }],
    ['no owner', { ...META, ownerReferences: [] }],
    ['an owner of the same name with another UID', { ...META, ownerReferences: owners({ uid: 'x' }) }],
    ['an owner of another kind', { ...META, ownerReferences: owners({ kind: 'Endpoints' }) }],
    ['neither a UID nor a mark of admission', { ...META, annotations: withoutUid }],
  ])('foreign, with %s', (_case, metadata) => {
    expect(ownership({ metadata }, ARTICLE)).toMatchObject({ kind: 'foreign' });
    expect(belongsTo({ metadata }, VIRTUAL, ARTICLE)).toBe('foreign');
  });
});

describe('whether a host object belongs to a virtual one', () => {
  it.each([
    ['same', VIRTUAL],
    ['previous', { ...VIRTUAL, metadata: { ...VIRTUAL.metadata, uid: 'u2' } }],
    ['other', { ...VIRTUAL, metadata: { ...VIRTUAL.metadata, name: 'db' } }],
  ])('%s', (expected, virtual) => {
    expect(belongsTo({ metadata: META }, virtual, ARTICLE)).toBe(expected);
  });

  it('tells apart two objects whose host names collide', () => {
    const first = { metadata: { name: 'a-x-b', namespace: 'c', uid: 'u1' } };
    const second = { metadata: { name: 'a', namespace: 'b-x-c', uid: 'u2' } };
    const host = { metadata: hostMetadata(first, ARTICLE) };
    expect(hostMetadata(second, ARTICLE).name).toBe(host.metadata.name);
    expect(belongsTo(host, first, ARTICLE)).toBe('same');
    expect(belongsTo(host, second, ARTICLE)).toBe('other');
  });
});

function owners(change: object) {
  return META.ownerReferences.map((owner) => ({ ...owner, ...change }));
}
