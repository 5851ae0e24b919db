import type { Command } from 'commander';
import type { Session } from './session';

/** What a command does. It returns an exit code, or nothing for success; it throws what went wrong. */
export type Action = (session: Session, command: Command) => Promise<number | undefined>;

/** Binds an action to a command. */
export type Bind = (command: Command, action: Action) => void;
