import type { Draft } from './draft';
import type { NoteKind } from './note';
import { isEmpty, type Path, type Tree, valueAt } from './tree';

/** Reads keys that decide something together, and notes what became of each that the file has. */
export interface Claims {
  readonly draft: Draft;
  /** What the file says at a place. */
  read(from: Path): unknown;
  /** Sets a field from a key, if the file has the key. */
  set(from: Path, to: Path, value: unknown): void;
  /** Says something about a key, if the file has it. */
  note(kind: Exclude<NoteKind, 'converted'>, from: Path, message: string): void;
}

/** Claims on one values file. */
export function claimsOn(values: Tree, draft: Draft): Claims {
  const present = (from: Path): boolean => valueAt(values, from) !== undefined;
  return {
    draft,
    read: (from) => {
      const value = valueAt(values, from);
      return isEmpty(value) ? undefined : value;
    },
    set: (from, to, value) => {
      if (present(from)) draft.set(from, to, value);
      else draft.imply(to, value);
    },
    note: (kind, from, message) => {
      if (present(from)) draft.note(kind, from, message);
    },
  };
}
