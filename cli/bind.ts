import type { Command } from 'commander';
import type { Session } from './session';

/** What a command does. It returns an exit code, or nothing for success; it throws what went wrong. */
export type Action = (session: Session, command: Command) => Promise<number | undefined>;

/** What is special about a command. */
export interface BindOptions {
  /** The exit code of any error, by the command's options. @default - the one that the error's own code has */
  readonly errorCode?: (options: { readonly [option: string]: unknown }) => number | undefined;
}

/** Binds an action to a command. */
export type Bind = (command: Command, action: Action, options?: BindOptions) => void;
