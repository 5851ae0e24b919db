import { describeIssue, parseSpec, type SpecIssue, type VirtualClusterSpec } from '../../lib/spec';
import { toSpecIssues } from '../../lib/spec/issues';
import { virtualClusterSchema } from '../../lib/spec/virtual-cluster';
import type { Draft, Origin } from './draft';
import type { Note } from './note';
import { isTree, type Path, pathText, type Tree, valueAt, withoutValue } from './tree';

/** A declaration that passes every check, and what became of each key. */
export interface Passed {
  readonly spec: VirtualClusterSpec;
  readonly notes: readonly Note[];
}

interface State {
  readonly tree: Tree;
  readonly origins: readonly Origin[];
  readonly notes: readonly Note[];
}

/**
 * Takes out of a draft what the declaration does not allow, one thing at a time, and says so at the keys it came from.
 * @throws SpecError `SPEC_INVALID` where the name itself is wrong
 */
export function keepWhatPasses(draft: Draft): Passed {
  let state: State = { tree: draft.spec(), origins: draft.origins, notes: draft.notes };
  for (;;) {
    const result = virtualClusterSchema.safeParse(state.tree);
    if (result.success) return { spec: parseSpec(state.tree), notes: state.notes };
    const [issue] = result.error.issues;
    if (issue === undefined) throw result.error;
    const [described] = toSpecIssues(virtualClusterSchema, state.tree, [issue]);
    const steps = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const [extra] = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const place = existing(state.tree, extra === undefined ? steps : [...steps, extra]);
    // A wrong name is not the file's fault: it is refused as in every other declaration.
    if (described === undefined || place.length === 0 || place[0] === 'name') parseSpec(state.tree);
    else state = without(state, place, withoutQuotes(described));
  }
}

/** The longest list of what is allowed that helps. */
const LONGEST = 160;

/** An issue in words, without the value, which may be a secret. */
function withoutQuotes({ path, message, allowed = '', hint }: SpecIssue): string {
  return describeIssue({
    path,
    value: undefined,
    message,
    ...(allowed === '' || allowed.length > LONGEST ? {} : { allowed }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The nearest place that is there: what is missing can't be taken out, only what misses it. */
function existing(tree: Tree, place: Path): Path {
  return valueAt(tree, place) === undefined ? existing(tree, place.slice(0, -1)) : place;
}

function without({ tree, origins, notes }: State, place: Path, reason: string): State {
  const message = `is left out: ${reason}`;
  const gone = origins.filter(({ to }) => startsWith(to, place));
  const above = origins.filter(({ to }) => to.length < place.length && startsWith(place, to));
  const goneFrom = new Set(gone.map(({ from }) => from));
  const changed = notes.map((note): Note => {
    if (note.kind !== 'converted' || !goneFrom.has(note.path)) return note;
    return { kind: 'unsupported', path: note.path, message };
  });
  const partly = above.map(({ from }): Note => ({ kind: 'unsupported', path: from, message }));
  const left = withoutValue(tree, place);
  const kept = origins.filter((origin) => !gone.includes(origin)).map((origin) => shifted(origin, place, tree));
  return { tree: isTree(left) ? left : {}, origins: kept, notes: renamed([...changed, ...partly], kept) };
}

/** Where an element of a list was taken out, those after it have moved up. */
function shifted(origin: Origin, place: Path, tree: Tree): Origin {
  const index = place.at(-1);
  const list = place.slice(0, -1);
  const own = origin.to[list.length];
  if (typeof index !== 'number' || typeof own !== 'number' || own <= index) return origin;
  if (!Array.isArray(valueAt(tree, list)) || !startsWith(origin.to, list)) return origin;
  return { ...origin, to: [...list, own - 1, ...origin.to.slice(list.length + 1)] };
}

function renamed(notes: readonly Note[], origins: readonly Origin[]): readonly Note[] {
  return notes.map((note) => {
    const origin = note.kind === 'converted' ? origins.find(({ from }) => from === note.path) : undefined;
    if (origin === undefined) return note;
    const to = pathText(origin.to);
    return { ...note, to, message: `becomes ${to}` };
  });
}

function startsWith(path: Path, beginning: Path): boolean {
  return beginning.every((step, index) => path[index] === step);
}
