import { ANNOTATIONS, shortHash } from '../../lib/contract';
import { hostLabelKeyOf } from '../engine/label-keys';
import type { StringMap } from '../engine/metadata';
import type { ClusterContext } from '../engine/types';
import type { Pod } from './types';

/** Paths that mean on the host what they mean in the virtual cluster. */
const SAME_PATHS: ReadonlySet<string> = new Set([
  'spec.nodeName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]);

/** Paths whose value the host's pod carries in an annotation. */
const CARRIED_PATHS: { readonly [path: string]: string } = {
  'metadata.name': ANNOTATIONS.objectName,
  'metadata.namespace': ANNOTATIONS.objectNamespace,
  'metadata.uid': ANNOTATIONS.objectUid,
  'metadata.labels': ANNOTATIONS.labels,
  'metadata.annotations': ANNOTATIONS.annotations,
  'spec.serviceAccountName': ANNOTATIONS.serviceAccountName,
};

const SUBSCRIPT = /^metadata\.(labels|annotations)\['(.+)'\]$/;

/**
 * The path under which the host's downward API finds what the tenant asks for, undefined for a path that it does not
 * know. The paths are those of the kubelet (`pkg/fieldpath`).
 */
export function hostFieldPath(path: string, ctx: ClusterContext): string | undefined {
  if (SAME_PATHS.has(path)) return path;
  const carrier = CARRIED_PATHS[path];
  if (carrier !== undefined) return annotationPath(carrier);
  const [, map, key = ''] = SUBSCRIPT.exec(path) ?? [];
  if (map === 'labels') return `metadata.labels['${hostLabelKeyOf(key, ctx)}']`;
  if (map === 'annotations') return annotationPath(carriedAnnotationKey(key));
  return undefined;
}

/** The annotations that carry, on the host's pod, what the given downward-API paths of the tenant show. */
export function carriedAnnotations(v: Pod, paths: ReadonlySet<string>): StringMap {
  const { labels = {}, annotations = {} } = v.metadata;
  const carried: { [key: string]: string } = {
    [ANNOTATIONS.serviceAccountName]: v.spec.serviceAccountName ?? 'default',
    [ANNOTATIONS.labels]: mapText(labels),
  };
  if (paths.has('metadata.annotations')) carried[ANNOTATIONS.annotations] = mapText(annotations);
  for (const path of paths) {
    const [, map, key = ''] = SUBSCRIPT.exec(path) ?? [];
    const value = annotations[key];
    if (map === 'annotations' && value !== undefined) carried[carriedAnnotationKey(key)] = value;
  }
  return carried;
}

/** A map as the downward API writes it: lines of `key="value"`, sorted, the value quoted as Go does (`%q`). */
export function mapText(map: StringMap): string {
  const keys = Object.keys(map).sort(byCodePoint);
  return keys.map((key) => `${key}=${goQuote(map[key] ?? '')}`).join('\n');
}

function annotationPath(key: string): string {
  return `metadata.annotations['${key}']`;
}

function carriedAnnotationKey(key: string): string {
  return `${ANNOTATIONS.annotationPrefix}${shortHash(key)}`;
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const ESCAPES: { readonly [character: string]: string } = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

function goQuote(text: string): string {
  const quoted = Array.from(
    text,
    (character) => ESCAPES[character] ?? (PRINTABLE.test(character) ? character : hex(character)),
  );
  return `"${quoted.join('')}"`;
}

function hex(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x80) return `\\x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
