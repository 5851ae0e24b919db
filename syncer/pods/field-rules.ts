import type { Refusal } from './types';

/** Kinds of objects, in the pod's namespace, that fields of a pod name. */
export type NamedKind = 'configMaps' | 'secrets' | 'persistentVolumeClaims' | 'endpoints';

/** What happens to one field on its way to the host. A field without a rule refuses the pod. */
export type FieldRule =
  /** A scalar, or a list or map of scalars, that means the same on both sides. */
  | { readonly kind: 'copy' }
  /** An object, or a list of objects, with rules of its own. */
  | ObjectRule
  /** The name of another object, which gets that object's host name. `optional`: the pod works without it, always. */
  | { readonly kind: 'name'; readonly of: NamedKind; readonly optional: boolean }
  /** A path of the downward API. */
  | { readonly kind: 'fieldPath' }
  /** Written anew by a translator in the file `by`. What lies within is checked against `within`, but not copied. */
  | { readonly kind: 'translate'; readonly by: string; readonly within?: ObjectRule }
  /** Left out: it is harmless to lose, for the reason given. */
  | { readonly kind: 'drop'; readonly why: string }
  /** May not reach the host: its presence refuses the pod. */
  | { readonly kind: 'refuse'; readonly why: string };

/** The rules of one structure of the Kubernetes API. */
export interface ObjectRule {
  readonly kind: 'object';
  /** Its name in the API's schema: `Container`. */
  readonly schema: string;
  readonly fields: { readonly [field: string]: FieldRule };
}

/** What the walk asks for on its way. */
export interface FieldVisitor {
  /** The host name for an object that a field names. */
  name(of: NamedKind, name: string, optional: boolean): string;
  /** The host's path for a path of the downward API, undefined if there is none. */
  fieldPath(path: string): string | undefined;
}

/** The outcome of {@link translateFields}: the value is complete only if nothing was refused. */
export interface TranslatedFields<T> {
  readonly value: T;
  readonly refusals: readonly Refusal[];
}

/** Fields that are copied. */
export function copied<Name extends string>(...names: readonly Name[]): { readonly [field in Name]: FieldRule } {
  return Object.fromEntries(names.map((name) => [name, { kind: 'copy' }])) as { [field in Name]: FieldRule };
}

/** A structure of the API and the rules of its fields. */
export function object(schema: string, fields: ObjectRule['fields']): ObjectRule {
  return { kind: 'object', schema, fields };
}

/** The name of another object in the pod's namespace. */
export function nameOf(of: NamedKind, optional = false): FieldRule {
  return { kind: 'name', of, optional };
}

/** A field that the translator in the named file writes. */
export function translatedBy(by: string, within?: ObjectRule): FieldRule {
  return within === undefined ? { kind: 'translate', by } : { kind: 'translate', by, within };
}

/** A field that is left out. */
export function dropped(why: string): FieldRule {
  return { kind: 'drop', why };
}

/** A field that refuses the pod. */
export function refused(why: string): FieldRule {
  return { kind: 'refuse', why };
}

/**
 * Builds a new object out of what the rules allow, names and downward-API paths translated. It is the only way by which
 * fields of a tenant's pod get to the host, and the only place that sees references, so that none can be missed.
 */
export function translateFields<T extends object>(
  rule: ObjectRule,
  source: T,
  path: string,
  visitor: FieldVisitor,
): TranslatedFields<T> {
  const refusals: Refusal[] = [];
  const value = translateObject(rule, source, path, { visitor, refusals });
  return { value: value as T, refusals };
}

interface Walk {
  readonly visitor: FieldVisitor;
  readonly refusals: Refusal[];
}

function translateObject(rule: ObjectRule, source: object, path: string, walk: Walk): object {
  const result: { [field: string]: unknown } = {};
  const members = Object.entries(source);
  const isOptional = members.some(([field, value]) => field === 'optional' && value === true);
  for (const [field, value] of members) {
    if (isEmpty(value)) continue;
    const translated = translateField(rule.fields[field], value, `${path}.${field}`, isOptional, walk);
    if (translated !== undefined) result[field] = translated;
  }
  return result;
}

function translateField(
  rule: FieldRule | undefined,
  value: unknown,
  path: string,
  isOptional: boolean,
  walk: Walk,
): unknown {
  const refuse = (message: string) => void walk.refusals.push({ field: path, message });
  switch (rule?.kind) {
    case undefined:
      return refuse(`${path} is not known to this virtual cluster`);
    case 'copy':
      return isPlain(value) ? value : refuse(`${path} is not a plain value`);
    case 'object':
      return translateNested(rule, value, path, walk);
    case 'name':
      return typeof value === 'string'
        ? walk.visitor.name(rule.of, value, rule.optional || isOptional)
        : refuse(`${path} is not a name`);
    case 'fieldPath': {
      const hostPath = typeof value === 'string' ? walk.visitor.fieldPath(value) : undefined;
      return hostPath ?? refuse(`${path} names a field that the downward API of this virtual cluster does not have`);
    }
    case 'translate':
      if (rule.within !== undefined) translateNested(rule.within, value, path, walk);
      return undefined;
    case 'drop':
      return undefined;
    case 'refuse':
      return refuse(`${path} is not supported in this virtual cluster: ${rule.why}`);
  }
}

function translateNested(rule: ObjectRule, value: unknown, path: string, walk: Walk): unknown {
  if (Array.isArray(value)) {
    return value.map((element, index) => translateNested(rule, element, `${path}[${index}]`, walk));
  }
  if (typeof value === 'object' && value !== null) return translateObject(rule, value, path, walk);
  return void walk.refusals.push({ field: path, message: `${path} is not an object` });
}

/** An empty list says the same as none. An empty object does not: `emptyDir: {}`, `labelSelector: {}`. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function isPlain(value: unknown): boolean {
  if (!isObject(value)) return true;
  return Object.values(value).every((member) => !isObject(member));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
