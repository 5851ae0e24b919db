import { fieldsOf } from './structures';

/** A structure with every field that a version has, each holding `value` or what `wishes` says for its path. */
export function filled(
  structure: string,
  version: string,
  wishes: { readonly [path: string]: unknown } = {},
  path = '',
): { readonly [field: string]: unknown } {
  const fields = fieldsOf(structure, version) ?? {};
  return Object.fromEntries(
    Object.entries(fields).map(([field, { nested, shape }]) => {
      const at = path === '' ? field : `${path}.${field}`;
      if (at in wishes) return [field, wishes[at]];
      const value = nested === '' ? 'x' : filled(nested, version, wishes, at);
      return [field, shape === 'list' ? [value] : shape === 'map' ? { x: value } : value];
    }),
  );
}

/** What an API server of a version keeps of a structure: it drops the fields that it does not know. */
export function pruned(structure: string, version: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => pruned(structure, version, element));
  if (typeof value !== 'object' || value === null) return value;
  const fields = fieldsOf(structure, version) ?? {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, inner]) => {
      const known = fields[field];
      if (known === undefined) return [];
      if (known.nested === '' || known.shape === 'map') return [[field, inner] as const];
      return [[field, pruned(known.nested, version, inner)] as const];
    }),
  );
}
