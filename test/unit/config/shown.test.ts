import { type ConfigMapping, generate, resolveSpec, type SpecError } from '../../../lib';
import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import { type ContentObject, wantedConfig, withoutData } from '../../../syncer/config';
import { shownConfig, shownScopes } from '../../../syncer/config/shown';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { KubeObject } from '../../../syncer/kube/types';
import { ARTICLE } from '../engine/context';

const kind = (...mappings: readonly ConfigMapping[]) =>
  shownConfig(
    RESOURCES.secrets,
    resolveSpec({ name: 'a', sync: { fromHost: { secrets: { mappings } } } }).sections.sync.fromHost.secrets.mappings,
    ARTICLE,
  );

const ONE: ConfigMapping = {
  host: { namespace: 'shared', name: 'pull' },
  virtual: { namespace: 'apps', name: 'registry' },
};
const WHOLE: ConfigMapping = { host: { namespace: 'shared' }, virtual: { namespace: 'common' } };
const OWN: ConfigMapping = { host: { name: 'license' }, virtual: { namespace: 'apps' } };
const own = ARTICLE.hostNamespace;

describe('objects of the host by mapping', () => {
  it.each<[string, readonly ConfigMapping[], string, string | undefined]>([
    ['one object gets the name that it is given', [ONE], 'shared/pull', 'apps/registry'],
    ['others of its namespace stay away', [ONE], 'shared/other', undefined],
    ['a whole namespace keeps its names', [WHOLE], 'shared/other', 'common/other'],
    ['one object goes before its namespace', [WHOLE, ONE], 'shared/pull', 'apps/registry'],
    ['the rest of the namespace still comes', [WHOLE, ONE], 'shared/other', 'common/other'],
    ['no namespace means the own one', [OWN], `${own}/license`, 'apps/license'],
    ['and that alone', [OWN], 'shared/license', undefined],
  ])('%s', (_what, mappings, hostKey, virtualKey) => {
    const { virtualKeyOf, hostKeyOf } = kind(...mappings);
    expect(virtualKeyOf(hostKey)).toBe(virtualKey);
    if (virtualKey !== undefined) expect(hostKeyOf(virtualKey)).toBe(hostKey);
  });

  it('are looked at one by one, or by namespace', () => {
    expect(shownScopes([WHOLE, ONE, OWN], ARTICLE)).toEqual([
      { namespace: 'shared', name: 'pull' },
      { namespace: own, name: 'license' },
      { namespace: 'shared', name: undefined },
    ]);
  });

  it('are not asked for under a name that another mapping has taken from them', () => {
    expect(kind(WHOLE, ONE).hostKeyOf('common/pull')).toBeUndefined();
  });

  it('come with content and labels, and with a hash by which a change is noticed', () => {
    const host: ContentObject = {
      metadata: {
        name: 'pull',
        namespace: 'shared',
        uid: 'u',
        labels: { team: 'a' },
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': 'e30=' },
    };
    const { translate, changes } = kind(ONE);
    const translation = translate(host);
    if (translation.kind !== 'object') throw new Error('not shown');
    expect(translation.object).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      type: host.type,
      data: host.data,
      metadata: {
        name: 'registry',
        namespace: 'apps',
        labels: { team: 'a' },
        annotations: { [ANNOTATIONS.contentHash]: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
    const { object } = translation;
    expect(changes(object, withoutData(object))).toEqual([]);
    expect(changes(object, withoutData({ ...object, data: { own: 'AA==' } }))).toMatchObject([{ kind: 'patch' }]);
    expect(changes(object, withoutData({ ...object, type: 'Opaque' }))).toMatchObject([{ kind: 'recreate' }]);
  });

  it.each<[string, Omit<ContentObject, 'metadata'> & { readonly metadata: KubeObject['metadata'] }]>([
    ['keys of the own cluster', { metadata: { name: 'my-vcluster-certs' } }],
    ['its kubeconfig', { metadata: { name: 'vc-my-vcluster' } }],
    [
      'what another cluster’s control plane owns',
      { metadata: { name: 'b-certs', labels: { app: 'vcluster', release: 'b' } } },
    ],
    ['what was copied from a cluster', { metadata: { name: 'x-x-y-x-b', labels: { [LABELS.managedBy]: 'b' } } }],
    ['a section of a configuration', { metadata: { name: 'b-config-core', labels: { [LABELS.configOf]: 'b' } } }],
    ['the certificate that every namespace has', { metadata: { name: 'kube-root-ca.crt' } }],
    ['a token for the host', { metadata: { name: 'token' }, type: 'kubernetes.io/service-account-token' }],
  ])('are never %s', (_what, host) => {
    const { translate } = kind({ host: {}, virtual: { namespace: 'all' } });
    expect(translate({ ...host, metadata: { namespace: own, ...host.metadata } }).kind).toBe('skip');
  });
});

describe('what is copied to the host though nothing refers to it', () => {
  const object = (metadata: KubeObject['metadata'] = {}): KubeObject => ({
    metadata: { name: 'a', namespace: 'b', ...metadata },
  });
  const forced = object({ annotations: { 'vcluster.loft.sh/force-sync': 'true' } });
  const imported = object({ labels: { [LABELS.imported]: 'true' }, annotations: { [ANNOTATIONS.importedUid]: 'u' } });

  it.each([
    ['nothing by itself', false, object(), false],
    ['an object that asks for it', false, forced, true],
    ['everything where that is declared', true, object(), true],
    ['nothing that came from there', true, imported, false],
  ])('is %s', (_what, all, virtual, expected) => {
    expect(wantedConfig({ all })(virtual)).toBe(expected);
  });
});

describe('mappings in a declaration', () => {
  const issues = (...mappings: unknown[]) => {
    try {
      kind(...(mappings as ConfigMapping[]));
      return [];
    } catch (error) {
      return (error as SpecError).issues.map(({ path, message }) => `${path}: ${message}`);
    }
  };
  const at = 'sync.fromHost.secrets.mappings';

  it.each<[string, readonly unknown[], readonly string[]]>([
    [
      'one name for many objects',
      [{ host: { namespace: 'a' }, virtual: { namespace: 'b', name: 'c' } }],
      [`${at}[0].virtual.name: is one name for many objects`],
    ],
    [
      'one object in two places',
      [ONE, { ...ONE, virtual: { namespace: 'other' } }],
      [`${at}[1].host: is that of mapping 0 too`],
    ],
    [
      'two objects in one place',
      [ONE, { host: { name: 'registry' }, virtual: { namespace: 'apps' } }],
      [`${at}[1].virtual: is that of mapping 0 too`],
    ],
    [
      'a name that is none',
      [{ host: { namespace: 'A b' }, virtual: { namespace: 'b' } }],
      [`${at}[0].host.namespace: is not valid`],
    ],
    [
      'an unknown field',
      [{ host: { ns: 'a' }, virtual: { namespace: 'b' } }],
      [`${at}[0].host.ns: is not a known field`],
    ],
  ])('may not name %s', (_what, mappings, expected) => {
    expect(issues(...mappings)).toEqual(expected);
  });

  it('take the right to look at what they name and at nothing else', () => {
    const rules = (mappings: readonly ConfigMapping[], slot: string) => {
      const found = generate(resolveSpec({ name: 'a', sync: { fromHost: { secrets: { mappings } } } })).find(
        (one) => one.slot === slot,
      );
      return (found?.object as { readonly rules?: unknown } | undefined)?.rules;
    };
    const verbs = ['get', 'list', 'watch'];
    const one = { apiGroups: [''], resources: ['secrets'], verbs, resourceNames: ['pull'] };
    expect(rules([ONE], 'rbac/role-in-shared')).toEqual([one]);
    expect(rules([WHOLE], 'rbac/role-in-shared')).toEqual([{ apiGroups: [''], resources: ['secrets'], verbs }]);
    expect(rules([OWN], 'rbac/role-in-vcluster-a')).toBeUndefined();
  });
});
