import { fieldsOf } from './structures';

/** A value that stands for whatever a tenant may write into a field. */
export const SENTINEL = 'zz-sentinel-zz';

type Members = { readonly [field: string]: unknown };

/**
 * The fields of a kind whose value reaches the host as the tenant wrote it, found by trying: one field after the other
 * is set in `base`, and what the translator makes of it is searched for the value. For kinds that are not translated by
 * a table of rules, so that a field that a newer Kubernetes brings, or a name of another object, can't pass unnoticed.
 *
 * @param kind the structure of the whole object: `Service`
 * @param base an object that can be translated
 * @param toHost what the host gets, undefined if nothing; its metadata is not looked at
 */
export function reachingFields(
  kind: string,
  version: string,
  base: object,
  toHost: (object: Members) => object | undefined,
): readonly string[] {
  return leaves(kind, version, [], []).flatMap(({ path, set }) => {
    const host = toHost(members(set(base)));
    if (host === undefined) return [];
    const { metadata: _, ...content } = members(host);
    return JSON.stringify(content).includes(SENTINEL) ? [path] : [];
  });
}

/** Those of the fields that, by their names, name another object. */
export function namesAmong(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => /(^|\.)(name|namespace)$|(Name|Ref|Namespace|endpoints)$/.test(path));
}

interface Leaf {
  readonly path: string;
  readonly set: (into: unknown) => unknown;
}

/** What the tenant can't set, or what is checked elsewhere. */
const NOT_ASKED: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

function leaves(structure: string, version: string, path: readonly string[], seen: readonly string[]): readonly Leaf[] {
  return Object.entries(fieldsOf(structure, version) ?? {}).flatMap(([field, { nested, shape }]): readonly Leaf[] => {
    if (path.length === 0 && NOT_ASKED.has(field)) return [];
    if (seen.includes(nested)) return [];
    const at = [...path, field];
    const inner: readonly Leaf[] =
      nested === '' ? [{ path: at.join('.'), set: () => SENTINEL }] : leaves(nested, version, at, [...seen, structure]);
    return inner.map(({ path: leaf, set }) => ({ path: leaf, set: (into) => withField(into, field, shape, set) }));
  });
}

function withField(into: unknown, field: string, shape: 'one' | 'list' | 'map', set: Leaf['set']): Members {
  const members = isMembers(into) ? into : {};
  const before = members[field];
  if (shape === 'list') {
    const [first, ...rest] = Array.isArray(before) ? before : [];
    return { ...members, [field]: [set(first), ...rest] };
  }
  return { ...members, [field]: shape === 'map' ? { [SENTINEL]: set(undefined) } : set(before) };
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function members(value: unknown): Members {
  return isMembers(value) ? value : {};
}
