import { type Patch, patch } from '../../../lib';
import { type ConfigMap, configChanges, sealedContent, toHostConfigMap, withoutData } from '../../../syncer/config';
import { patchedImport, patchedKind } from '../../../syncer/engine/patching';
import type { Translation } from '../../../syncer/engine/types';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { KubeObject } from '../../../syncer/kube/types';
import { forbiddenChange } from '../../../syncer/patches/checks';
import { createPatches } from '../../../syncer/patches/patches';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

const VIRTUAL: ConfigMap = { metadata: { name: 'web', namespace: 'shop', uid: 'u-1' }, data: { color: 'red' } };
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function patches(...declared: readonly Patch[]) {
  const logged: object[] = [];
  const { patches: rules } = sectionsOf({ patches: declared })['custom-resources'];
  const made = createPatches(rules, () => ARTICLE, { warn: (fields: object) => logged.push(fields) });
  if (made === undefined) throw new Error('there are no patches');
  closing.push(() => made.close());
  return { made, logged };
}

/** ConfigMaps at work with patches. */
function configMaps(...declared: readonly Patch[]) {
  const warned: string[] = [];
  const { made, logged } = patches(...declared);
  const kind = patchedKind<ConfigMap, ConfigMap>(
    {
      resource: RESOURCES.configMaps,
      trigger: 'always',
      translate: (virtual) => toHostConfigMap(virtual, ARTICLE),
      sealed: sealedContent,
      changes: configChanges,
      back: (host) => [{ kind: 'patch', patch: { data: host.data } }],
    },
    made,
    { warn: (_resource, _object, reason, message) => warned.push(`${reason}: ${message}`) },
  );
  return { kind, warned, logged };
}

const paint = patch({
  kind: 'configMaps',
  toHost: (object) => ({ ...object, data: { ...object.data, color: 'blue' } }),
  toVirtual: (object) => ({ ...object, data: { ...object.data, color: 'red' } }),
});

function objectOf(translation: Translation<ConfigMap>): ConfigMap {
  if (translation.kind !== 'object') throw new Error(JSON.stringify(translation));
  return translation.object;
}

describe('patches', () => {
  it('change what the host gets, and only in the patched field', () => {
    const { kind } = configMaps(paint);
    const plain = objectOf(toHostConfigMap(VIRTUAL, ARTICLE));
    const object = objectOf(kind.translate(VIRTUAL));
    expect(object.data).toEqual({ color: 'blue' });
    expect({ ...object, data: plain.data, metadata: plain.metadata }).toEqual(plain);
  });

  it('leave nothing to do once the host has it', () => {
    const { kind } = configMaps(paint);
    const object = objectOf(kind.translate(VIRTUAL));
    expect(kind.changes(object, withoutData(object))).toEqual([]);
  });

  it('change what the tenant sees of the host', () => {
    const { kind } = configMaps(paint);
    const host = objectOf(kind.translate(VIRTUAL));
    expect(kind.back?.(host, VIRTUAL)).toEqual([{ kind: 'patch', patch: { data: { color: 'red' } } }]);
  });

  it('leave other kinds alone', () => {
    const { kind } = configMaps(patch({ kind: 'secrets', oneWay: true, toHost: () => ({}) }));
    expect(kind.translate(VIRTUAL)).toEqual(toHostConfigMap(VIRTUAL, ARTICLE));
  });

  it('that throw refuse the object, without a name of the host, and say the whole in the log', () => {
    const { kind, logged } = configMaps(
      patch({
        kind: 'configMaps',
        oneWay: true,
        toHost: (object, { hostNamespace }) => {
          throw new Error(`no colour for ${object.metadata?.name} in ${hostNamespace}`);
        },
      }),
    );
    expect(kind.translate(VIRTUAL)).toEqual({
      kind: 'refused',
      reason: 'PatchFailed',
      field: '',
      message:
        "This object is not synced, because the platform's change to objects of its kind failed: no colour for web in shop.",
    });
    expect(logged).toEqual([
      expect.objectContaining({ reason: 'no colour for web-x-shop-x-my-vcluster in vcluster-my-vcluster' }),
    ]);
  });

  it('that fail on the way back bring nothing back, and the tenant is told', () => {
    const { kind, warned } = configMaps(patch({ kind: 'configMaps', oneWay: true, toVirtual: () => JSON.parse('[]') }));
    expect(kind.back?.(VIRTUAL, VIRTUAL)).toEqual([]);
    expect(warned).toEqual([expect.stringMatching(/^PatchFailed: What the host says of this object is not shown/)]);
  });

  it('refuse what is not theirs to change', () => {
    const { kind } = configMaps(
      patch({
        kind: 'configMaps',
        oneWay: true,
        toHost: (object) => ({ ...object, metadata: { ...object.metadata, name: 'other' } }),
      }),
    );
    expect(kind.translate(VIRTUAL)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('metadata.name'),
    });
  });

  it('change what is shown of the host', () => {
    const { made } = patches(
      patch({
        kind: 'ingressClasses',
        oneWay: true,
        toVirtual: (shown, { name }) => ({ ...shown, spec: { controller: name } }),
      }),
    );
    const resource = {
      group: 'networking.k8s.io',
      version: 'v1',
      plural: 'ingressclasses',
      kind: 'IngressClass',
      namespaced: false,
    };
    const object: KubeObject = { metadata: { name: 'nginx' } };
    const kind = patchedImport(
      {
        resource,
        virtualKeyOf: (key) => key,
        hostKeyOf: (key) => key,
        changes: () => [],
        translate: () => ({ kind: 'object', object }),
      },
      made,
    );
    expect(kind.translate(object)).toEqual({ kind: 'object', object: { ...object, spec: { controller: 'nginx' } } });
  });

  it('cost less than half a millisecond a call', () => {
    const { made } = patches(paint);
    const call = () => made.apply(RESOURCES.configMaps, 'toHost', VIRTUAL, { namespace: 'shop', name: 'web' });
    for (let warm = 0; warm < 200; warm++) call();
    const times = Array.from({ length: 500 }, () => {
      const started = performance.now();
      call();
      return performance.now() - started;
    }).sort((a, b) => a - b);
    expect(times[250]).toBeLessThan(0.5);
  });
});

describe('what a patch may not change', () => {
  const before = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'a',
      namespace: 'b',
      labels: { mine: '1', 'vcluster.loft.sh/managed-by': 'x' },
      annotations: { 'sublet.dev/generation': '1' },
      ownerReferences: [{ uid: '1' }],
    },
    spec: {},
  };
  const metadata = (more: object) => ({ ...before, metadata: { ...before.metadata, ...more } });

  it.each<[string, object, string | undefined]>([
    ['the spec', { ...before, spec: { a: 1 } }, undefined],
    ['a label', metadata({ labels: { ...before.metadata.labels, mine: '2', more: '3' } }), undefined],
    ['an annotation', metadata({ annotations: { ...before.metadata.annotations, more: '3' } }), undefined],
    ['the kind', { ...before, kind: 'Job' }, 'kind'],
    ['the version', { ...before, apiVersion: 'v2' }, 'apiVersion'],
    ['the name', metadata({ name: 'z' }), 'metadata.name'],
    ['the namespace', metadata({ namespace: 'z' }), 'metadata.namespace'],
    ['the owners', metadata({ ownerReferences: [] }), 'metadata.ownerReferences'],
    ['finalizers', metadata({ finalizers: ['a'] }), 'metadata.finalizers'],
    ['all metadata', { ...before, metadata: undefined }, 'metadata'],
    ['all labels', metadata({ labels: undefined }), 'metadata.labels[vcluster.loft.sh/managed-by]'],
    [
      'a label of ours',
      metadata({ labels: { 'vcluster.loft.sh/managed-by': 'y' } }),
      'metadata.labels[vcluster.loft.sh/managed-by]',
    ],
    [
      'an annotation of ours',
      metadata({ annotations: { 'sublet.dev/generation': '2' } }),
      'metadata.annotations[sublet.dev/generation]',
    ],
    ['labels into numbers', metadata({ labels: { ...before.metadata.labels, mine: 1 } }), 'metadata.labels[mine]'],
  ])('%s', (_, after, expected) => {
    expect(forbiddenChange(before, after)).toBe(expected);
  });
});
