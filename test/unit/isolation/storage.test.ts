import type { VirtualClusterOptions } from '../../../lib/spec';
import type { ClusterContext } from '../../../syncer/engine/types';
import { chooseClass } from '../../../syncer/storage/classes/choose';
import { hostVolumeSource } from '../../../syncer/storage/volumes/sources';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

const context = (isolation: VirtualClusterOptions['isolation'] = {}): ClusterContext => ({
  ...ARTICLE,
  sections: sectionsOf({ isolation }),
});

describe('a volume in a directory of the node', () => {
  const source = (spec: object, isolation: VirtualClusterOptions['isolation']) =>
    hostVolumeSource({ metadata: { name: 'v' }, spec: { ...spec } }, ['hostPath', 'local'], context(isolation));
  const allow = { hostPaths: [{ pathPrefix: '/srv/shared', readOnly: false }, { pathPrefix: '/var/log' }] };

  it.each([
    '/',
    '/srv',
    '/srv/shared-not',
    '/srv/shared/../x',
    '/srv/./shared/../../etc',
    'srv/shared',
    '',
    '/var/log/a',
  ])('is refused at %p, whatever its kind', (path) => {
    for (const kind of ['hostPath', 'local']) {
      expect(source({ [kind]: { path } }, { allow })).toMatchObject({
        kind: 'refused',
        field: `spec.${kind}.path`,
        message: expect.stringContaining(`Isolation "allow.hostPaths": spec.${kind}.path: `),
      });
    }
  });

  it.each(['/srv/shared', '/srv/shared/a/b', '/srv//shared/a/'])('is copied at %p, which is given away', (path) => {
    expect(source({ hostPath: { path } }, { allow })).toEqual({ kind: 'source', source: { hostPath: { path } } });
  });

  it('is refused without any list, and copied where pods may mount everything', () => {
    expect(source({ local: { path: '/mnt/a' } }, {}).kind).toBe('refused');
    expect(source({ local: { path: '/mnt/a' } }, { level: 'privileged' }).kind).toBe('source');
    expect(source({ local: { path: '/mnt/a' } }, { level: 'off' }).kind).toBe('source');
  });
});

describe('the storage class of a claim, where the host has the classes', () => {
  const choose = (wanted: string | undefined, storage?: { allowed?: string[]; default?: string }) =>
    chooseClass(wanted, { kind: 'of-the-host' }, context(storage && { classes: { storage } }));

  it.each([
    ['any, without a list', 'slow', undefined, { kind: 'class', name: 'slow' }],
    ["the host's default, without a list", undefined, undefined, { kind: 'class', name: undefined }],
    ['one of the list', 'fast', { allowed: ['fast'] }, { kind: 'class', name: 'fast' }],
    ['none other', 'slow', { allowed: ['fast'] }, { kind: 'denied', name: 'slow' }],
    ['the declared default', undefined, { default: 'fast' }, { kind: 'class', name: 'fast' }],
    ['none, without a declared default', undefined, { allowed: ['fast'] }, { kind: 'denied', name: undefined }],
  ])('is %s', (_, wanted, storage, expected) => expect(choose(wanted, storage)).toEqual(expected));
});
