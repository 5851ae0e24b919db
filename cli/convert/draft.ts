import { isDeepStrictEqual } from 'node:util';
import type { Note, NoteKind } from './note';
import { isTree, type Path, pathText, type Tree, valueAt, withValue } from './tree';

/** A field of the declaration and the key of the values file that it came from. */
export interface Origin {
  readonly to: Path;
  readonly from: string;
}

/** The declaration while it is written, and what there is to say about it. */
export interface Draft {
  /** The name of the virtual cluster. */
  readonly name: string;
  readonly notes: Note[];
  readonly origins: Origin[];
  /** What is declared so far. It is checked at the end. */
  spec(): Tree;
  /** What stands at a place of the declaration so far. */
  get(to: Path): unknown;
  /** Sets a field that no key of the file stands for by itself. */
  imply(to: Path, value: unknown): void;
  /** Sets a field, and notes which key it came from. Of two keys that contradict each other the first counts. */
  set(from: Path, to: Path, value: unknown): void;
  /** Says what became of a key. */
  note(kind: Exclude<NoteKind, 'converted'>, from: Path, message: string): void;
}

/** An empty draft. */
export function startDraft(name: string): Draft {
  let spec: Tree = { name };
  const notes: Note[] = [];
  const origins: Origin[] = [];
  const imply = (to: Path, value: unknown): void => {
    const next = withValue(spec, to, value);
    if (isTree(next)) spec = next;
  };
  return {
    name,
    notes,
    origins,
    spec: () => spec,
    get: (to) => valueAt(spec, to),
    imply,
    set: (from, to, value) => {
      const path = pathText(from);
      const field = pathText(to);
      const other = origins.find((origin) => pathText(origin.to) === field);
      if (other !== undefined && !isDeepStrictEqual(valueAt(spec, to), value)) {
        notes.push({ kind: 'unsupported', path, message: `contradicts ${other.from}: ${field} is said by that` });
        return;
      }
      imply(to, value);
      origins.push({ to, from: path });
      notes.push({ kind: 'converted', path, to: field, message: `becomes ${field}` });
    },
    note: (kind, from, message) => void notes.push({ kind, path: pathText(from), message }),
  };
}
