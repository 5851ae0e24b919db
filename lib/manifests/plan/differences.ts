import { isNothing, isRecord, meansTheSame } from './same-value';

/** One place at which two objects differ. */
export interface Difference {
  /** See {@link FieldChange.path}. */
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** How much of the current object counts. `declared`: what `desired` says. `all`: whatever it holds besides, too. */
export type Extent = 'declared' | 'all';

/** Where an object differs from what is desired, leaf by leaf. */
export function differences(desired: unknown, current: unknown, extent: Extent, path = ''): readonly Difference[] {
  if (meansTheSame(desired, current, path)) return [];
  if (isRecord(desired) && isRecord(current)) return inRecords(desired, current, extent, path);
  if (Array.isArray(desired) && Array.isArray(current)) return inLists(desired, current, extent, path);
  // A record that is new, or gone, is told member by member: `spec.nodeSelector.pool` says more than `spec.nodeSelector`.
  if (path === '' && isRecord(desired)) return inRecords(desired, {}, extent, path);
  return [difference(path, current, desired)];
}

/** A difference without the sides at which there is nothing. */
export function difference(path: string, from: unknown, to: unknown): Difference {
  return { path, ...(!isNothing(from) && { from }), ...(!isNothing(to) && { to }) };
}

/** The path of a member. Keys that are no plain words stand in brackets. */
export function memberPath(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** By what an element of a list is known, so that it is compared with itself wherever it stands. */
export function elementName(element: unknown): string | undefined {
  if (!isRecord(element)) return undefined;
  const { name, mountPath, metadata } = element;
  const known = mountPath ?? name ?? (isRecord(metadata) ? metadata.name : undefined);
  return typeof known === 'string' ? known : undefined;
}

type Members = { readonly [key: string]: unknown };

function inRecords(desired: Members, current: Members, extent: Extent, path: string): readonly Difference[] {
  const keys = new Set([...Object.keys(desired), ...(extent === 'all' ? Object.keys(current) : [])]);
  return [...keys].flatMap((key) => {
    // What is desired to be nothing was never asked for.
    if (extent === 'declared' && isNothing(desired[key])) return [];
    const inside = memberPath(path, key);
    return isDocument(key, desired[key], current[key])
      ? inDocuments(desired[key], current[key], inside)
      : differences(desired[key], current[key], extent, inside);
  });
}

function inLists(
  desired: readonly unknown[],
  current: readonly unknown[],
  extent: Extent,
  path: string,
): readonly Difference[] {
  const wanted = byName(desired);
  const found = byName(current);
  // Where no name is the same, names are what differs: elements then go by their places.
  const share = wanted !== undefined && found !== undefined && [...wanted.keys()].some((name) => found.has(name));
  if (wanted !== undefined && found !== undefined && (share || desired.length !== current.length))
    return inNamedLists(wanted, found, extent, path);
  if (desired.length === current.length) {
    return desired.flatMap((element, index) => differences(element, current[index], extent, `${path}[${index}]`));
  }
  const isIn = (list: readonly unknown[], element: unknown) =>
    list.some(
      (one) =>
        differences(list === desired ? one : element, list === desired ? element : one, extent, path).length === 0,
    );
  const gone = current.filter((element) => !isIn(desired, element));
  const added = desired.filter((element) => !isIn(current, element));
  return gone.length + added.length === 0 ? [difference(path, current, desired)] : [difference(path, gone, added)];
}

function inNamedLists(
  wanted: ReadonlyMap<string, unknown>,
  found: ReadonlyMap<string, unknown>,
  extent: Extent,
  path: string,
): readonly Difference[] {
  const inside = [...wanted].flatMap(([name, element]) => {
    const before = found.get(name);
    const at = `${path}[${name}]`;
    return before === undefined ? [difference(at, undefined, element)] : differences(element, before, extent, at);
  });
  const gone = [...found].filter(([name]) => !wanted.has(name));
  const removed = gone.map(([name, element]) => difference(`${path}[${name}]`, element, undefined));
  const order = [...wanted.keys()].filter((name) => found.has(name));
  const before = [...found.keys()].filter((name) => wanted.has(name));
  const moved = order.join('\n') === before.join('\n') ? [] : [difference(path, before, order)];
  // Lists belong to whoever declares them: an element more is a difference whatever counts otherwise.
  return [...inside, ...removed, ...moved];
}

function byName(list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  const named = new Map<string, unknown>();
  for (const element of list) {
    const name = elementName(element);
    if (name === undefined || named.has(name)) return undefined;
    named.set(name, element);
  }
  return named;
}

/** Texts that hold JSON are compared by what they say. */
function isDocument(key: string, desired: unknown, current: unknown): boolean {
  return key.endsWith('.json') && typeof desired === 'string' && typeof current === 'string';
}

function inDocuments(desired: unknown, current: unknown, path: string): readonly Difference[] {
  const [wanted, found] = [parsed(desired), parsed(current)];
  return wanted === undefined || found === undefined
    ? differences(desired, current, 'all', path)
    : differences(wanted, found, 'all', path);
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
