import type { Path } from './walk';

/** A copy of a value with something else at some of its paths, each written as {@link pathKey} does. */
export function replaced(value: unknown, others: ReadonlyMap<string, unknown>, path: Path = []): unknown {
  const key = pathKey(path);
  if (others.has(key)) return others.get(key);
  if (Array.isArray(value)) return value.map((item, index) => replaced(item, others, [...path, index]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, replaced(child, others, [...path, name])]),
  );
}

/** A path as one text. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** A copy without what stands at a path; where nothing stands there, without what should hold it. */
export function without(value: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return undefined;
  const child: unknown = Reflect.get(value, step);
  const left = child === undefined ? undefined : without(child, rest);
  if (child === undefined) return undefined;
  if (Array.isArray(value))
    return value.flatMap((item, index) => (index !== step ? [item] : left === undefined ? [] : [left]));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) =>
      name !== step ? [[name, item]] : left === undefined ? [] : [[name, left]],
    ),
  );
}
