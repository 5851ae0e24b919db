/** What became of one key of a values file. */
export type NoteKind =
  /** It stands in the declaration. */
  | 'converted'
  /** It says what is so without it. */
  | 'default'
  /** It steers something that Sublet does not have and does not need. */
  | 'notNeeded'
  /** It can't be had, or not like this: the message says what to do instead. */
  | 'unsupported'
  /** vCluster has no such key. */
  | 'unknown'
  /** It is not in the file, but differs from what vCluster does by default. */
  | 'different';

/** One line about one key. It never repeats a value, for values files hold passwords and tokens. */
export interface Note {
  readonly kind: NoteKind;
  /** The key in the values file: `sync.toHost.pods.enabled`; empty for the file as a whole. */
  readonly path: string;
  /** The field of the declaration that it became, for `converted`. */
  readonly to?: string;
  /** One sentence without a full stop, for people. */
  readonly message: string;
}

/** Whether somebody has to do something about it. */
export function needsWork({ kind }: Note): boolean {
  return kind === 'unsupported' || kind === 'unknown';
}
