import type { Command } from 'commander';

/** All commands below a command. */
export function descendants(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}
