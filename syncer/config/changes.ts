import { ANNOTATIONS } from '../../lib/contract';
import { mergePatch } from '../engine/diff';
import type { Change } from '../engine/types';
import { type ContentObject, contentHash } from './content';

/**
 * The writes that bring a host ConfigMap or Secret to what is desired. `current` may come from a cache that dropped its
 * data (see `withoutData`): the hash stands for it. What is immutable on the host is made anew.
 */
export function configChanges(desired: ContentObject, current: ContentObject): readonly Change[] {
  if ((desired.type ?? '') !== (current.type ?? '')) {
    return [{ kind: 'recreate', reason: 'the type of a Secret can not be changed' }];
  }
  const differs = hashOf(desired) !== hashOf(current);
  if (current.immutable === true && (differs || desired.immutable !== true)) {
    return [{ kind: 'recreate', reason: 'the copy on the host is immutable' }];
  }
  const patch = mergePatch(desired, differs ? withHash(current, hashOf(desired)) : current, ['immutable']);
  return [
    ...(differs ? [contentChange(desired)] : []),
    ...(patch === undefined ? [] : [{ kind: 'patch', patch } as const]),
  ];
}

/**
 * Writes the content whole and its hash with it. A merge patch could not: it removes only keys that it names, and
 * `current` no longer knows its keys. So this is a JSON patch, in which `add` replaces what is there.
 */
function contentChange(desired: ContentObject): Change {
  const isConfigMap = desired.kind === 'ConfigMap';
  return {
    kind: 'patch',
    type: 'application/json-patch+json',
    patch: [
      { op: 'add', path: '/data', value: desired.data ?? {} },
      ...(isConfigMap ? [{ op: 'add', path: '/binaryData', value: desired.binaryData ?? {} }] : []),
      {
        op: 'add',
        path: `/metadata/annotations/${ANNOTATIONS.contentHash.replaceAll('/', '~1')}`,
        value: hashOf(desired),
      },
    ],
  };
}

function withHash(object: ContentObject, hash: string | undefined): ContentObject {
  const annotations = {
    ...object.metadata.annotations,
    ...(hash !== undefined && { [ANNOTATIONS.contentHash]: hash }),
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function hashOf(object: ContentObject): string | undefined {
  if (object.data !== undefined || object.binaryData !== undefined) return contentHash(object);
  return object.metadata.annotations?.[ANNOTATIONS.contentHash];
}
