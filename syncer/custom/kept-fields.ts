import { isDeepStrictEqual } from 'node:util';
import { ANNOTATIONS } from '../../lib/contract';
import type { StringMap } from '../engine/metadata';
import { isMembers, type Members } from './paths';

/** The keys of a value without what they hold: what somebody once wrote. */
type Skeleton = 0 | { readonly [key: string]: Skeleton } | readonly Skeleton[];

/**
 * The annotation that remembers which members we wrote. An operator on the host fills in others, which are its own; one
 * that we wrote and that the tenant has taken away since must go.
 */
export function writtenFields(fields: Members): StringMap {
  return { [ANNOTATIONS.writtenFields]: JSON.stringify(skeletonOf(fields)) };
}

/**
 * The smallest merge patch (RFC 7386) that brings the named top-level fields of a host object to what is desired, or
 * `undefined` when there is nothing to do. Members that the host added stay; lists are the tenant's, but for what the
 * host added to the members of an element.
 */
export function fieldsPatch(
  desired: Members,
  current: Members,
  fields: readonly string[],
  annotations: StringMap,
): Members | undefined {
  const base = readSkeleton(annotations[ANNOTATIONS.writtenFields]);
  const wanted = onlyFields(desired, fields);
  const existing = onlyFields(current, fields);
  return differences(merged(base, wanted, existing), existing);
}

/** The smallest merge patch that makes `current` exactly `desired`. */
export function exactPatch(desired: Members, current: Members): Members | undefined {
  return differences(desired, current);
}

function skeletonOf(value: unknown): Skeleton {
  if (Array.isArray(value)) return value.some(isMembers) ? value.map(skeletonOf) : 0;
  if (!isMembers(value)) return 0;
  return Object.fromEntries(present(value).map(([key, member]) => [key, skeletonOf(member)]));
}

function readSkeleton(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
}

function merged(base: unknown, desired: unknown, current: unknown): unknown {
  if (Array.isArray(desired) && Array.isArray(current)) {
    const elements: readonly unknown[] = desired;
    const existing: readonly unknown[] = current;
    if (
      !elements.every((element, index) => isSameElement(element, existing[index])) ||
      elements.length !== existing.length
    )
      return desired;
    const known: readonly unknown[] = Array.isArray(base) ? base : [];
    return elements.map((element, index) => merged(known[index], element, existing[index]));
  }
  if (!isMembers(desired) || !isMembers(current)) return desired;
  const known = isMembers(base) ? base : {};
  const kept = present(current).filter(([key]) => own(desired, key) === undefined && !Object.hasOwn(known, key));
  return Object.fromEntries([
    ...present(desired).map(([key, member]) => [key, merged(own(known, key), member, own(current, key))] as const),
    ...kept,
  ]);
}

/** Elements are told apart by their names, where they have some. */
function isSameElement(a: unknown, b: unknown): boolean {
  return !isMembers(a) || !isMembers(b) || own(a, 'name') === own(b, 'name');
}

function differences(desired: unknown, current: unknown): Members | undefined {
  if (!isMembers(desired)) return undefined;
  const existing = isMembers(current) ? current : {};
  const changed = present(desired).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    const before = own(existing, key);
    if (isDeepStrictEqual(value, before)) return [];
    if (!isMembers(value) || !isMembers(before)) return [[key, value]];
    const inner = differences(value, before);
    return inner === undefined ? [] : [[key, inner]];
  });
  const gone = present(existing).filter(([key]) => own(desired, key) === undefined);
  const entries = [...changed, ...gone.map(([key]) => [key, null] as const)];
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function onlyFields(object: Members, fields: readonly string[]): Members {
  return Object.fromEntries(
    fields.flatMap((field) => (own(object, field) === undefined ? [] : [[field, object[field]]])),
  );
}

/** A merge patch cannot write `null`, so that it counts as absent. */
function present(members: Members): readonly (readonly [string, unknown])[] {
  return Object.entries(members).filter(([, value]) => value !== null && value !== undefined);
}

/** Tenants name keys freely (`__proto__` is one), so only own members count. */
function own(members: Members, key: string): unknown {
  return Object.hasOwn(members, key) ? (members[key] ?? undefined) : undefined;
}
