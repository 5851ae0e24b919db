import { SubletError } from '../../lib/contract';

type Tree = { readonly [key: string]: unknown };

/**
 * A copy of a tree with one field set. Dots part the path, `\.` is a dot in a key, `[2]` or `.2` an element of a list.
 * @throws SubletError `USAGE` for a path that leads through something that is no mapping or list
 */
export function setPath(tree: Tree, path: string, value: unknown): Tree {
  const keys = splitPath(path);
  if (keys.some((key) => key === '' || key === '__proto__'))
    throw new SubletError('USAGE', `--set ${path}: not a path`);
  return setIn(tree, keys, value, path) as Tree;
}

function setIn(node: unknown, keys: readonly string[], value: unknown, path: string): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (Array.isArray(node) || (node === undefined && key === '0')) {
    const list: unknown[] = Array.isArray(node) ? [...node] : [];
    const index = Number(key);
    if (!Number.isInteger(index) || index < 0 || index > list.length) {
      throw new SubletError('USAGE', `--set ${path}: "${key}" is no element of the list of ${list.length}`);
    }
    list[index] = setIn(list[index], rest, value, path);
    return list;
  }
  if (node !== undefined && node !== null && typeof node !== 'object') {
    throw new SubletError('USAGE', `--set ${path}: there is nothing below a plain value`);
  }
  const tree = (node ?? {}) as Tree;
  return { ...tree, [key]: setIn(tree[key], rest, value, path) };
}

function splitPath(path: string): readonly string[] {
  return path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split(/(?<!\\)\./)
    .map((key) => key.replaceAll('\\.', '.'));
}
