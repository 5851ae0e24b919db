import { type Difference, difference, elementName, memberPath } from './differences';
import { isNothing, isRecord } from './same-value';
import type { CurrentManifest, FieldTree, ManagedFields } from './types';

/** Where `kubectl apply` without `--server-side` keeps what it applied. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Fields that were declared when the object was last applied, are still there, and are declared no more: the next apply
 * removes them. Without a trace of an apply there are none to be known.
 */
export function noLongerDeclared(desired: unknown, current: CurrentManifest, manager: string): readonly Difference[] {
  const entries = (current.metadata.managedFields ?? []).filter((entry) => isApplyOf(entry, manager));
  if (entries.length > 0) return entries.flatMap(({ fieldsV1 = {} }) => gone(fieldsV1, desired, current, ''));
  const text = current.metadata.annotations?.[LAST_APPLIED];
  return text === undefined ? [] : goneSince(parsed(text), desired, current, '');
}

function isApplyOf(entry: ManagedFields, manager: string): boolean {
  return entry.manager === manager && entry.operation === 'Apply' && entry.subresource === undefined;
}

function gone(tree: FieldTree, desired: unknown, current: unknown, path: string): readonly Difference[] {
  return Object.entries(tree).flatMap(([member, below]) => {
    if (member.startsWith('f:')) {
      const key = member.slice(2);
      return goneAt(below, memberOf(desired, key), memberOf(current, key), memberPath(path, key));
    }
    if (!member.startsWith('k:')) return [];
    const keys = parsed(member.slice(2));
    const [before, now] = [elementWith(keys, current), elementWith(keys, desired)];
    const inside = `${path}[${elementName(before) ?? member.slice(2)}]`;
    if (now !== undefined) return goneAt(below, now, before, inside);
    // What a list lacks that is declared still is told where the lists are compared.
    return desired === undefined && before !== undefined ? [difference(inside, before, undefined)] : [];
  });
}

function goneAt(tree: FieldTree, desired: unknown, current: unknown, path: string): readonly Difference[] {
  if (isNothing(current)) return [];
  const members = Object.keys(tree).filter((member) => member !== '.');
  if (members.length > 0 && (isRecord(current) || Array.isArray(current))) return gone(tree, desired, current, path);
  return desired === undefined ? [difference(path, current, undefined)] : [];
}

/** As {@link gone}, from the object that was applied. */
function goneSince(applied: unknown, desired: unknown, current: unknown, path: string): readonly Difference[] {
  if (!isRecord(applied) || !isRecord(current)) return [];
  return Object.keys(applied).flatMap((key) => {
    const inside = memberPath(path, key);
    if (isNothing(applied[key]) || isNothing(current[key])) return [];
    const wanted = memberOf(desired, key);
    if (isRecord(applied[key])) return goneSince(applied[key], wanted, current[key], inside);
    return wanted === undefined ? [difference(inside, current[key], undefined)] : [];
  });
}

function memberOf(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function elementWith(keys: unknown, list: unknown): unknown {
  if (!Array.isArray(list) || !isRecord(keys)) return undefined;
  const wanted = Object.entries(keys);
  return list.find((element) => isRecord(element) && wanted.every(([key, value]) => element[key] === value));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
