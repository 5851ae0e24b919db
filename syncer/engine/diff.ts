import { ANNOTATIONS, isReservedKey } from '../../lib/contract';
import type { KubeObject } from '../kube/types';
import { keyChanges } from './passed-keys';

/**
 * A field that the syncer owns, as a dotted path (`spec.ports`): scalars and maps come to be exactly what is desired,
 * arrays element by element. What an array's elements hold beyond the desired members was set by the host (defaults,
 * admission) and stays, unless `hostAssigned` says which members alone are the host's.
 */
export type OwnedPath = string | { readonly path: string; readonly hostAssigned: readonly string[] };

/**
 * Whether `current` holds all of `desired`. Members that only `current` has don't matter; arrays must have the same
 * length and hold each other's elements in order. An absent member equals `null`.
 */
export function subsetEqual(desired: unknown, current: unknown): boolean {
  return covers(desired, current, undefined);
}

/**
 * The smallest JSON merge patch (RFC 7386) that brings `current` to `desired` in its labels, its annotations and the
 * owned paths, or `undefined` when there is nothing to do. Labels and annotations of others stay; those under our own
 * prefixes that are no longer desired are removed; those that a tenant gave follow {@link keyChanges}. Arrays are written whole, with the members that the host gave the
 * element of the same `name` (else of the same index).
 */
export function mergePatch(
  desired: KubeObject,
  current: KubeObject,
  ownedPaths: readonly OwnedPath[],
): { readonly [key: string]: unknown } | undefined {
  const patch: { [key: string]: unknown } = {};
  const keys = keyChanges(desired.metadata, current.metadata, isOurs);
  for (const field of ['labels', 'annotations'] as const) {
    if (Object.keys(keys[field]).length > 0) put(patch, ['metadata', field], keys[field]);
  }
  for (const owned of ownedPaths) {
    const { path, hostAssigned } = typeof owned === 'string' ? { path: owned, hostAssigned: undefined } : owned;
    const steps = path.split('.');
    const change = valuePatch(valueAt(desired, steps), valueAt(current, steps), hostAssigned);
    if (change !== undefined) put(patch, steps, change);
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/**
 * What is noted on a virtual object about its copy on the host. An object that shows one of the host may have such a copy
 * too, and then two writers: neither takes away what the other has noted.
 */
const NOTES: ReadonlySet<string> = new Set([ANNOTATIONS.syncProblem, ANNOTATIONS.hostAnnotations]);

function isOurs(key: string): boolean {
  return isReservedKey(key) && !NOTES.has(key);
}

type Members = { readonly [key: string]: unknown };

function valuePatch(desired: unknown, current: unknown, hostAssigned: readonly string[] | undefined): unknown {
  if (isMembers(desired) && isMembers(current)) return membersPatch(desired, current, hostAssigned);
  if (isEmpty(desired)) return isEmpty(current) ? undefined : null;
  if (Array.isArray(desired)) {
    return covers(desired, current, hostAssigned) ? undefined : withKept(desired, current, hostAssigned);
  }
  if (isMembers(desired)) return membersPatch(desired, {}, hostAssigned) ?? {};
  return desired === current ? undefined : desired;
}

function membersPatch(desired: Members, current: Members, hostAssigned: readonly string[] | undefined): unknown {
  const keys = [...new Set([...Object.keys(desired), ...Object.keys(current)])];
  const changes = keys
    .map((key) => [key, valuePatch(member(desired, key), member(current, key), hostAssigned)] as const)
    .filter(([, change]) => change !== undefined);
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** `hostAssigned` undefined: further members of `current` don't matter; else only those named may exceed `desired`. */
function covers(desired: unknown, current: unknown, hostAssigned: readonly string[] | undefined): boolean {
  if (isAbsent(desired)) return isAbsent(current);
  if (Array.isArray(desired)) {
    return (
      Array.isArray(current) &&
      current.length === desired.length &&
      desired.every((element, index) => covers(element, current[index], hostAssigned))
    );
  }
  if (!isMembers(desired)) return desired === current;
  if (!isMembers(current)) return false;
  const wanted = Object.entries(desired).filter(([, value]) => !isAbsent(value));
  const exceeds = ([key, value]: readonly [string, unknown]) =>
    !isAbsent(value) && isAbsent(member(desired, key)) && !hostAssigned?.includes(key);
  return (
    wanted.every(([key, value]) => covers(value, member(current, key), hostAssigned)) &&
    (hostAssigned === undefined || !Object.entries(current).some(exceeds))
  );
}

function withKept(desired: readonly unknown[], current: unknown, hostAssigned: readonly string[] | undefined): unknown {
  const existing: readonly unknown[] = Array.isArray(current) ? current : [];
  return desired.map((element, index) => {
    const counterpart = isMembers(element) ? counterpartOf(element, index, existing) : undefined;
    if (!isMembers(element) || counterpart === undefined) return element;
    const isKept = (key: string) => isAbsent(member(element, key)) && (hostAssigned?.includes(key) ?? true);
    return { ...Object.fromEntries(Object.entries(counterpart).filter(([key]) => isKept(key))), ...present(element) };
  });
}

function counterpartOf(element: Members, index: number, existing: readonly unknown[]): Members | undefined {
  const named = existing.filter(isMembers);
  if (typeof element.name === 'string') return named.find((candidate) => candidate.name === element.name);
  const sameIndex = existing[index];
  return isMembers(sameIndex) && sameIndex.name === undefined ? sameIndex : undefined;
}

function present(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isAbsent(value)));
}

function valueAt(object: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => (isMembers(value) ? member(value, step) : undefined), object);
}

function put(patch: { [key: string]: unknown }, steps: readonly string[], value: unknown): void {
  const [step, ...rest] = steps;
  if (step === undefined) return;
  if (rest.length === 0) {
    patch[step] = value;
    return;
  }
  const existing = patch[step];
  const inner: { [key: string]: unknown } = isMembers(existing) ? { ...existing } : {};
  put(inner, rest, value);
  patch[step] = inner;
}

/** A tenant names keys freely (`__proto__` is a valid ConfigMap key), so only own members count. */
function member(members: Members, key: string): unknown {
  return Object.hasOwn(members, key) ? members[key] : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** API servers leave out what is empty, so that an empty map or array equals an absent one. */
function isEmpty(value: unknown): boolean {
  if (isAbsent(value)) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMembers(value) && Object.keys(value).length === 0;
}
