import type { FieldRule, ObjectRule } from '../../../syncer/pods/field-rules';
import { POD_SPEC } from '../../../syncer/pods/fields';
import schema from './pod-schema-1.37.json';

interface Structure {
  readonly plain: readonly string[];
  readonly nested: { readonly [field: string]: string };
}

const STRUCTURES: { readonly [schema: string]: Structure } = schema;

/** Structures whose one plain field is a name, by the kinds that such a field may say. */
const isReference = (name: string) => /Reference$|KeySelector$|EnvSource$/.test(name) && name !== 'FileKeySelector';

describe('the allow-list against the schema of Kubernetes 1.37', () => {
  it('decides on every field that a pod can have', () => {
    expect(undecided(POD_SPEC, 'spec')).toEqual([]);
  });

  it('knows no field that a pod cannot have', () => {
    expect(unknown(POD_SPEC, 'spec')).toEqual([]);
  });

  it('copies no name of another object', () => {
    expect(copiedNames(POD_SPEC, 'spec')).toEqual([]);
  });
});

type Visit = (rule: FieldRule | undefined, path: string, structure: string, nested: string | undefined) => string[];

function walk(rule: ObjectRule, path: string, visit: Visit): string[] {
  const structure = STRUCTURES[rule.schema];
  if (structure === undefined) return [`${path}: no structure ${rule.schema}`];
  const fields = [...structure.plain, ...Object.keys(structure.nested)];
  return fields.flatMap((field) => {
    const nested = structure.nested[field];
    const inner = objectOf(rule.fields[field]);
    const found = visit(rule.fields[field], `${path}.${field}`, rule.schema, nested);
    return inner === undefined ? found : [...found, ...walk(inner, `${path}.${field}`, visit)];
  });
}

function objectOf(rule: FieldRule | undefined): ObjectRule | undefined {
  if (rule?.kind === 'object') return rule;
  return rule?.kind === 'translate' ? rule.within : undefined;
}

function undecided(rule: ObjectRule, path: string): string[] {
  return walk(rule, path, (field, at, _structure, nested) => {
    if (field === undefined) return [`${at}: no rule`];
    if (nested === undefined) return field.kind === 'object' ? [`${at}: not an object`] : [];
    if (field.kind === 'copy') return [`${at}: an object, copied whole`];
    const expected = objectOf(field)?.schema ?? nested;
    return expected === nested ? [] : [`${at}: ${nested} under the rules of ${expected}`];
  });
}

function unknown(rule: ObjectRule, path: string): string[] {
  const { plain = [], nested = {} } = STRUCTURES[rule.schema] ?? {};
  return Object.entries(rule.fields).flatMap(([field, inner]) => {
    const at = `${path}.${field}`;
    if (!plain.includes(field) && !(field in nested)) return [at];
    const next = objectOf(inner);
    return next === undefined ? [] : unknown(next, at);
  });
}

function copiedNames(rule: ObjectRule, path: string): string[] {
  return walk(rule, path, (field, at, structure) => {
    const isName = /\.(secretName|claimName)$/.test(at) || (at.endsWith('.name') && isReference(structure));
    return isName && field?.kind === 'copy' ? [at] : [];
  });
}
