import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal. */
export type TerminalStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Everything outside that a run of the command touches: tests bring their own. */
export interface Surroundings {
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly stdin: Readable;
  /** Whether questions can be asked. */
  readonly stdinIsTty: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Aborts at Ctrl-C or a request to end. */
  readonly signal: AbortSignal;
  /** Wall clock, milliseconds. */
  readonly now: () => number;
  /** Program and arguments by which the command can start itself again. */
  readonly selfCommand: readonly [string, ...string[]];
  /** Folder of the package: examples and the syncer's build lie there. */
  readonly packageRoot: string;
  /** Version of the package. */
  readonly version: string;
}
