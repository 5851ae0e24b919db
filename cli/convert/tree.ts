/** A mapping as YAML gives it. */
export type Tree = { readonly [key: string]: unknown };

/** Keys and indices from the top to a place. */
export type Path = readonly (string | number)[];

/** Whether a value is a mapping. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value says nothing: `null`, `''`, `[]` or `{}`. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isTree(value) && Object.keys(value).length === 0;
}

/** Whether nothing in a value says anything. */
export function isBlank(value: unknown): boolean {
  return isEmpty(value) || (isTree(value) && Object.values(value).every(isBlank));
}

/** What stands at a place; `undefined` where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, step) => (typeof found === 'object' && found !== null ? Reflect.get(found, step) : undefined),
    value,
  );
}

/** A copy with one place set. Steps that are numbers make lists. */
export function withValue(value: unknown, path: Path, leaf: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return leaf;
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    list[step] = withValue(list[step], rest, leaf);
    return list;
  }
  const tree = isTree(value) ? value : {};
  return { ...tree, [step]: withValue(tree[step], rest, leaf) };
}

/** A copy without one place, and without what has become empty by that. */
export function withoutValue(value: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  if (Array.isArray(value)) {
    const index = Number(step);
    const changed = withoutValue(value[index], rest);
    return [...value.slice(0, index), ...(isEmpty(changed) ? [] : [changed]), ...value.slice(index + 1)];
  }
  if (!isTree(value)) return value;
  const { [step]: before, ...others } = value;
  const changed = withoutValue(before, rest);
  return isEmpty(changed) ? others : { ...others, [step]: changed };
}

/** Every place of a value, each mapping and list before what it holds. */
export function placesOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([step, below]) => placesOf(below, [...path, step]))];
}

/** `a.b[2]`, and keys that would be misread in brackets. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
