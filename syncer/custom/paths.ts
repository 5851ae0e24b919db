/** A value as JSON carries it, of an object whose schema is not known here. */
export type Members = { readonly [key: string]: unknown };

/** One place that a path leads to. */
export interface Found {
  /** The place itself, for messages: `spec.tls[1].secretName`. */
  readonly where: string;
  /** Keys and indexes that lead there. */
  readonly steps: readonly (string | number)[];
  /** What the `[*]` of the path stood for, in order. */
  readonly stars: readonly (string | number)[];
  readonly value: unknown;
}

type Step = { readonly kind: 'key'; readonly key: string } | { readonly kind: 'each' };

/**
 * The places that a dotted path with `[*]` leads to: `[*]` is each element of a list or each value of a map. Places that
 * an object does not have are left out. With `stars`, the first `[*]` are bound to these keys or indexes.
 */
export function findAll(object: unknown, path: string, stars: readonly (string | number)[] = []): readonly Found[] {
  const bound = [...stars];
  let found: readonly Found[] = [{ where: '', steps: [], stars: [], value: object }];
  for (const step of stepsOf(path)) {
    const only = step.kind === 'each' ? bound.shift() : undefined;
    found = found.flatMap((place) => (step.kind === 'key' ? memberOf(place, step.key) : elementsOf(place, only)));
  }
  return found;
}

/** The same object with each place that the path leads to replaced. What does not change is shared, nothing is changed. */
export function replaceAll(object: Members, path: string, replace: (found: Found) => unknown): Members {
  return findAll(object, path).reduce<Members>(
    (result, found) => withValue(result, found.steps, replace(found)),
    object,
  );
}

/** Whether a value has members: an object that is no list. */
export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same object with the place at the end of these steps replaced. */
export function withValue(object: Members, steps: readonly (string | number)[], value: unknown): Members {
  const replaced = replacedIn(object, steps, value);
  return isMembers(replaced) ? replaced : object;
}

function replacedIn(holder: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(holder))
    return holder.map((element: unknown, index) => (index === step ? replacedIn(element, rest, value) : element));
  if (!isMembers(holder)) return holder;
  return Object.fromEntries(
    Object.entries(holder).map(([key, member]) => [key, key === step ? replacedIn(member, rest, value) : member]),
  );
}

function stepsOf(path: string): readonly Step[] {
  return path.split('.').flatMap((part): readonly Step[] => {
    const [key = '', ...stars] = part.split('[*]');
    return [{ kind: 'key', key }, ...stars.map((): Step => ({ kind: 'each' }))];
  });
}

function memberOf(place: Found, key: string): readonly Found[] {
  const { value } = place;
  if (!isMembers(value) || !Object.hasOwn(value, key) || value[key] === undefined || value[key] === null) return [];
  return [
    {
      ...place,
      where: place.where === '' ? key : `${place.where}.${key}`,
      steps: [...place.steps, key],
      value: value[key],
    },
  ];
}

function elementsOf(place: Found, only: string | number | undefined): readonly Found[] {
  const { value } = place;
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((element: unknown, index) => [index, element] as const)
    : isMembers(value)
      ? Object.entries(value)
      : [];
  return entries
    .filter(([key, element]) => (only === undefined || key === only) && element !== null && element !== undefined)
    .map(([key, element]) => ({
      where: `${place.where}[${key}]`,
      steps: [...place.steps, key],
      stars: [...place.stars, key],
      value: element,
    }));
}
