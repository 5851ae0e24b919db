import type { FieldRule, ObjectRule } from '../../../syncer/pods/field-rules';
import { fieldsOf, isEverField } from './structures';

/** Structures whose one plain field is a name, by the kinds that such a field may say. */
const isReference = (name: string) => /Reference$|KeySelector$|EnvSource$/.test(name) && name !== 'FileKeySelector';

/** Fields of a version about which a table of rules says nothing, or nothing that fits: what may open a way to the host. */
export function undecided(rule: ObjectRule, path: string, version: string): readonly string[] {
  return walk(rule, path, version, (field, at, _structure, nested) => {
    if (field === undefined) return [`${at}: no rule`];
    if (nested === '') return field.kind === 'object' ? [`${at}: not an object`] : [];
    if (field.kind === 'copy') return [`${at}: an object, copied whole`];
    const expected = objectOf(field)?.schema ?? nested;
    return expected === nested ? [] : [`${at}: ${nested} under the rules of ${expected}`];
  });
}

/** Names of other objects that a table of rules lets pass as they are. */
export function copiedNames(rule: ObjectRule, path: string, version: string): readonly string[] {
  return walk(rule, path, version, (field, at, structure) => {
    const isName = /\.(secretName|claimName)$/.test(at) || (at.endsWith('.name') && isReference(structure));
    return isName && field?.kind === 'copy' ? [at] : [];
  });
}

/** Rules of fields that no version has. */
export function neverFields(rule: ObjectRule, path: string): readonly string[] {
  return Object.entries(rule.fields).flatMap(([field, inner]) => {
    const at = `${path}.${field}`;
    if (!isEverField(rule.schema, field)) return [at];
    const next = objectOf(inner);
    return next === undefined ? [] : neverFields(next, at);
  });
}

type Visit = (rule: FieldRule | undefined, path: string, structure: string, nested: string) => readonly string[];

function walk(rule: ObjectRule, path: string, version: string, visit: Visit): readonly string[] {
  const fields = fieldsOf(rule.schema, version);
  if (fields === undefined) return [`${path}: no structure ${rule.schema}`];
  return Object.entries(fields).flatMap(([field, { nested }]) => {
    const inner = objectOf(rule.fields[field]);
    const found = visit(rule.fields[field], `${path}.${field}`, rule.schema, nested);
    return inner === undefined ? found : [...found, ...walk(inner, `${path}.${field}`, version, visit)];
  });
}

function objectOf(rule: FieldRule | undefined): ObjectRule | undefined {
  if (rule?.kind === 'object') return rule;
  return rule?.kind === 'translate' ? rule.within : undefined;
}
