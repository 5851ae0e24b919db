import { ANNOTATIONS } from '../../../lib/contract';
import {
  type ConfigMap,
  configChanges,
  contentHash,
  type Secret,
  toHostConfigMap,
  toHostSecret,
  withoutData,
} from '../../../syncer/config';
import { ARTICLE } from '../engine/context';

const META = { name: 'settings', namespace: 'shop', uid: 'c1' };
const MAP: ConfigMap = { metadata: META, data: { a: '1' }, binaryData: { b: 'AAE=' } };
const SECRET: Secret = { metadata: META, type: 'kubernetes.io/tls', data: { 'tls.key': 'AA==' } };
const hostMap = (map: ConfigMap): ConfigMap => {
  const translated = toHostConfigMap(map, ARTICLE);
  if (translated.kind !== 'object') throw new Error('not translated');
  return translated.object;
};
const hostSecret = (secret: Secret): Secret => {
  const translated = toHostSecret(secret, ARTICLE);
  if (translated.kind !== 'object') throw new Error('not translated');
  return translated.object;
};

describe('copies on the host', () => {
  it('of a ConfigMap hold its content and the hash of it', () => {
    expect(hostMap({ ...MAP, immutable: true })).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'settings-x-shop-x-my-vcluster',
        annotations: {
          [ANNOTATIONS.contentHash]: contentHash(MAP),
          [ANNOTATIONS.objectKind]: '/v1, Kind=ConfigMap',
        },
      },
      data: { a: '1' },
      binaryData: { b: 'AAE=' },
      immutable: true,
    });
  });

  it.each([
    ['kubernetes.io/tls', 'kubernetes.io/tls'],
    ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockerconfigjson'],
    [undefined, 'Opaque'],
    ['kubernetes.io/service-account-token', 'Opaque'],
  ])('of a Secret of type %s have type %s', (type, expected) => {
    expect(hostSecret({ ...SECRET, ...(type !== undefined && { type }) } as Secret).type).toBe(
      type === undefined ? SECRET.type : expected,
    );
  });

  it('of a service-account token never make the host issue one', () => {
    const annotations = { 'kubernetes.io/service-account.name': 'vc-my-vcluster' };
    const forged = { ...SECRET, type: 'kubernetes.io/service-account-token', metadata: { ...META, annotations } };
    expect(JSON.stringify(hostSecret(forged))).not.toContain('kubernetes.io/service-account');
  });
});

describe('the hash of the content', () => {
  it('does not depend on the order of keys', () => {
    expect(contentHash({ data: { a: '1', b: '2' } })).toBe(contentHash({ data: { b: '2', a: '1' } }));
  });

  it.each([
    [{ data: { a: '1' } }, { data: { a: '2' } }],
    [{ data: { a: '1' } }, { binaryData: { a: '1' } }],
    [{ data: { a: 'b' } }, { data: { ab: '' } }],
    [{ data: { a: '1', b: '2' } }, { data: { a: '1' } }],
  ])('tells %j from %j', (one, other) => {
    expect(contentHash(one)).not.toBe(contentHash(other));
  });
});

describe('what a cache keeps', () => {
  it('has no data, but the hash of what was there', () => {
    const kept = withoutData(hostMap(MAP));
    expect(JSON.stringify(kept)).not.toContain('AAE=');
    expect(kept).toEqual({ ...hostMap(MAP), data: undefined, binaryData: undefined });
  });

  it('shows that somebody changed the data on the host', () => {
    const tampered = withoutData({ ...hostMap(MAP), data: { a: 'tampered' } });
    expect(configChanges(hostMap(MAP), tampered)).toMatchObject([{ kind: 'patch' }]);
  });
});

describe.each([
  ['whole', (map: ConfigMap) => map],
  ['kept without its data', withoutData<ConfigMap>],
])('changes of a copy that is %s', (_case, kept) => {
  const current = kept(hostMap(MAP));

  it('are none when nothing differs', () => {
    expect(configChanges(hostMap(MAP), current)).toEqual([]);
  });

  it('replace the content as one, with its hash', () => {
    const changed = { ...MAP, data: { c: '3' }, binaryData: {} };
    expect(configChanges(hostMap(changed), current)).toEqual([
      {
        kind: 'patch',
        type: 'application/json-patch+json',
        patch: [
          { op: 'add', path: '/data', value: { c: '3' } },
          { op: 'add', path: '/binaryData', value: {} },
          {
            op: 'add',
            path: '/metadata/annotations/sublet.dev~1content-hash',
            value: contentHash({ data: { c: '3' } }),
          },
        ],
      },
    ]);
  });

  it('set labels without writing the content', () => {
    const labelled = hostMap({ ...MAP, metadata: { ...META, labels: { app: 'x' } } });
    expect(configChanges(labelled, current)).toEqual([
      { kind: 'patch', patch: { metadata: { labels: { 'vcluster.loft.sh/label-my-vcluster-x-a172cedcae': 'x' } } } },
    ]);
  });

  it('make it immutable', () => {
    expect(configChanges(hostMap({ ...MAP, immutable: true }), current)).toEqual([
      { kind: 'patch', patch: { immutable: true } },
    ]);
  });
});

describe('a copy is made anew', () => {
  const frozen = withoutData(hostMap({ ...MAP, immutable: true }));
  it.each([
    ['for other content of an immutable one', hostMap({ ...MAP, data: { a: '2' }, immutable: true }), frozen],
    ['when it is immutable no longer', hostMap(MAP), frozen],
    ['for another type', hostSecret({ ...SECRET, type: 'Opaque' }), withoutData(hostSecret(SECRET))],
  ])('%s', (_case, desired, current) => {
    expect(configChanges(desired, current)).toMatchObject([{ kind: 'recreate' }]);
  });

  it('never for an immutable one that stays as it is', () => {
    expect(configChanges(hostMap({ ...MAP, immutable: true }), frozen)).toEqual([]);
  });
});

it('a Secret is patched without a field that only ConfigMaps have', () => {
  const changes = configChanges(hostSecret({ ...SECRET, data: {} }), withoutData(hostSecret(SECRET)));
  expect(JSON.stringify(changes)).not.toContain('binaryData');
});
