import { isNeverPassed, KINDS_WITH_METADATA } from '../../../lib/contract';
import { hostMetadata } from '../../../syncer/engine/metadata';
import { INTRUSIVE_ANNOTATIONS } from '../../support/intrusive-annotations';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

const annotations = Object.fromEntries(INTRUSIVE_ANNOTATIONS.map((key) => [key, 'yes']));
const passing = (kind: string, ctx = ARTICLE) => {
  const { annotations: onHost } = hostMetadata(
    { metadata: { name: 'web', namespace: 'shop', uid: 'u1', annotations } },
    ctx,
    { kind: { apiVersion: 'v1', kind } },
  );
  return Object.keys(onHost).filter((key) => INTRUSIVE_ANNOTATIONS.includes(key));
};

it('there are sixty annotations to try, each once', () => {
  expect(INTRUSIVE_ANNOTATIONS.length).toBeGreaterThanOrEqual(60);
  expect(new Set(INTRUSIVE_ANNOTATIONS).size).toBe(INTRUSIVE_ANNOTATIONS.length);
});

it.each(Object.values(KINDS_WITH_METADATA))('none of them reaches the host on a %s by default', (kind) => {
  expect(passing(kind)).toEqual([]);
});

it.each(Object.entries(KINDS_WITH_METADATA))(
  'those that are declared for %s reach it there, and never some',
  (name, kind) => {
    const all = { ...ARTICLE, sections: sectionsOf({ sync: { annotations: { toHost: { [name]: ['*'] } } } }) };
    expect(passing(kind, all)).toEqual(INTRUSIVE_ANNOTATIONS.filter((key) => !isNeverPassed(key)));
    expect(passing('ConfigMap', name === 'configMaps' ? ARTICLE : all)).toEqual([]);
  },
);
