import { SubletError } from '../contract';
import { markerOf } from './markers';

/** The values of one declaration that are only known at deployment, each behind a marker. */
export interface MarkerTable<Leaf> {
  /** A copy of the declaration with a marker for every leaf. */
  capture(declaration: unknown): unknown;
  /** The leaf behind a marker. */
  leafAt(index: number): Leaf;
}

/**
 * Makes a table for what one adapter takes for a leaf.
 * @param isLeaf asked about every value below the declaration, with its path; it may throw to refuse one
 * @param meant what a value stands for, before anything else is asked about it
 */
export function markerTable<Leaf>(
  isLeaf: (value: unknown, path: string) => value is Leaf,
  meant: (value: unknown) => unknown = (value) => value,
): MarkerTable<Leaf> {
  const leaves: Leaf[] = [];
  const capture = (given: unknown, path: string): unknown => {
    const value = meant(given);
    if (isLeaf(value, path)) return markerOf(leaves.push(value) - 1);
    if (Array.isArray(value)) return value.map((item, index) => capture(item, `${path}[${index}]`));
    if (typeof value !== 'object' || value === null) return value;
    const below = (key: string): string => (path === '' ? key : `${path}.${key}`);
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, capture(child, below(key))]));
  };
  return {
    capture: (declaration) => capture(declaration, ''),
    leafAt(index) {
      const leaf = leaves[index];
      if (leaf === undefined) throw new SubletError('SPEC_INVALID', 'the declaration holds a marker of another one');
      return leaf;
    },
  };
}
