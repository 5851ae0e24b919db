import { ANNOTATIONS, shortHash } from '../../lib/contract';
import type { ObjectMeta } from '../kube/types';

/** Labels or annotations. */
type StringMap = { readonly [key: string]: string };

/** Of each label and annotation that a tenant gave and that reached the host as it is: the hash of the tenant's value. */
export interface PassedKeys {
  readonly labels: StringMap;
  readonly annotations: StringMap;
}

const NONE: PassedKeys = { labels: {}, annotations: {} };

const RECORD_KEYS: ReadonlySet<string> = new Set([
  ANNOTATIONS.managedLabels,
  ANNOTATIONS.managedAnnotations,
  ANNOTATIONS.managedValues,
]);

/** What a tenant passes, in the form in which it is remembered. */
export function passedKeys(labels: StringMap, annotations: StringMap): PassedKeys {
  return { labels: hashedValues(labels), annotations: hashedValues(annotations) };
}

/** The annotations that remember it on the host's object; none when nothing is passed. */
export function recordOf({ labels, annotations }: PassedKeys): StringMap {
  const names = { labels: Object.keys(labels).sort(), annotations: Object.keys(annotations).sort() };
  if (names.labels.length + names.annotations.length === 0) return {};
  const sorted = (map: StringMap, keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, map[key]]));
  return {
    ...(names.labels.length > 0 && { [ANNOTATIONS.managedLabels]: names.labels.join('\n') }),
    ...(names.annotations.length > 0 && { [ANNOTATIONS.managedAnnotations]: names.annotations.join('\n') }),
    [ANNOTATIONS.managedValues]: JSON.stringify({
      labels: sorted(labels, names.labels),
      annotations: sorted(annotations, names.annotations),
    }),
  };
}

/** What the annotations of an object remember. A record that can't be read counts as none: then all keys are the host's. */
export function readRecord({ annotations = {} }: ObjectMeta): PassedKeys {
  const text = annotations[ANNOTATIONS.managedValues];
  if (text === undefined) return NONE;
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? { labels: strings(value.labels), annotations: strings(value.annotations) } : NONE;
  } catch {
    return NONE;
  }
}

/** The changes, by key, that bring an object's labels and annotations to what is desired; `null` takes a key away. */
export interface KeyChanges {
  readonly labels: { readonly [key: string]: string | null };
  readonly annotations: { readonly [key: string]: string | null };
}

/**
 * Compares labels and annotations. Keys that we set ourselves come to be as desired, and those that are `ours` by name
 * go when they are no longer desired. Of keys that tenants gave, the host has the last word, so that no two writers can
 * fight over one: a value is written when the *tenant* has changed it, and a key is taken away when it still has the
 * tenant's value. A key that the host had first is the host's.
 */
export function keyChanges(desired: ObjectMeta, current: ObjectMeta, ours: (key: string) => boolean): KeyChanges {
  const wanted = readRecord(desired);
  const known = readRecord(current);
  const labels = mapChanges(desired.labels ?? {}, current.labels ?? {}, wanted.labels, known.labels, ours);
  const without = (map: StringMap) => Object.fromEntries(Object.entries(map).filter(([key]) => !RECORD_KEYS.has(key)));
  const own = without(desired.annotations ?? {});
  const existing = without(current.annotations ?? {});
  const annotations = mapChanges(own, existing, wanted.annotations, known.annotations, ours);
  const record = recordOf({ labels: labels.passed, annotations: annotations.passed });
  return { labels: labels.changes, annotations: { ...annotations.changes, ...recordChanges(record, current) } };
}

/** The changes of one map, and what is now to be remembered of it. */
export interface MapChanges {
  readonly changes: { readonly [key: string]: string | null };
  /** The hashes of the values that were taken over. */
  readonly passed: StringMap;
}

/**
 * One side of {@link keyChanges}. `wanted` are the hashes of those values of `desired` that somebody else gave, `known`
 * the hashes that were remembered when they were last written.
 */
export function mapChanges(
  desired: StringMap,
  current: StringMap,
  wanted: StringMap,
  known: StringMap,
  ours: (key: string) => boolean,
): MapChanges {
  const decided = Object.entries(desired).map(([key, value]) => {
    const hash = own(wanted, key);
    const before = own(known, key);
    const existing = own(current, key);
    if (hash === undefined) return { key, value, passes: undefined, writes: existing !== value };
    const isTheirs = before === undefined && existing !== undefined;
    return {
      key,
      value,
      passes: isTheirs ? undefined : hash,
      writes: !isTheirs && before !== hash && existing !== value,
    };
  });
  const gone = Object.entries(current).filter(
    ([key, value]) => own(desired, key) === undefined && (ours(key) || own(known, key) === shortHash(value)),
  );
  return {
    changes: Object.fromEntries([
      ...decided.filter(({ writes }) => writes).map(({ key, value }) => [key, value] as const),
      ...gone.map(([key]) => [key, null] as const),
    ]),
    passed: Object.fromEntries(
      decided.flatMap(({ key, passes }) => (passes === undefined ? [] : [[key, passes] as const])),
    ),
  };
}

function recordChanges(record: StringMap, { annotations = {} }: ObjectMeta) {
  const changed = [...RECORD_KEYS].filter((key) => own(record, key) !== own(annotations, key));
  return Object.fromEntries(changed.map((key) => [key, own(record, key) ?? null]));
}

/** Of each value, what is remembered. */
export function hashedValues(map: StringMap): StringMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, shortHash(value)]));
}

/** Remembered hashes, none when they can't be read. */
export function readHashes(text: string | undefined): StringMap {
  try {
    return strings(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}

function strings(value: unknown): StringMap {
  if (!isMap(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Tenants name keys freely (`__proto__` is one), so only own members count. */
function own(map: StringMap, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
