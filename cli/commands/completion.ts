import { Argument, type Command } from 'commander';
import type { Bind } from '../bind';
import { descendants } from '../command-tree';
import type { Session } from '../session';
import { type CommandWords, completionScript, SHELLS } from './completion-scripts';

/** Adds `sublet completion`. */
export function registerCompletion(program: Command, bind: Bind): void {
  const command = program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices([...SHELLS]))
    .description('print the completion script for a shell')
    .addHelpText('after', HELP);
  bind(command, async (session: Session) => {
    const shell = SHELLS.find((name) => name === command.args[0]);
    if (shell !== undefined) session.out(completionScript(shell, wordsOf(program)));
    return undefined;
  });
}

/** What can be completed: each command by its path, with its subcommands and options. */
export function wordsOf(program: Command): readonly CommandWords[] {
  const globals = program.options.filter((option) => option.long !== '--version');
  const hidden = new Set(descendants(program).filter((command) => !visible(command)));
  return [program, ...descendants(program)]
    .filter((command) => !hidden.has(command))
    .map((command) => ({
      path: pathOf(command, program),
      description: command.description(),
      subcommands: command.commands
        .filter(visible)
        .map((child) => ({ name: child.name(), description: child.description() })),
      options: [...command.options, ...(command === program ? [] : globals)]
        .filter((option) => !option.hidden && option.long != null)
        .map((option) => ({ long: option.long ?? '', description: option.description })),
    }));
}

function visible(command: Command): boolean {
  // Commander keeps this flag for its own help and offers no other way to ask.
  return !('_hidden' in command) || command._hidden !== true;
}

function pathOf(command: Command, program: Command): readonly string[] {
  return command === program || command.parent === null ? [] : [...pathOf(command.parent, program), command.name()];
}

const HELP = `
Examples:
  $ source <(sublet completion bash)                                   bash, this session
  $ sublet completion zsh > "\${fpath[1]}/_sublet"                       zsh
  $ sublet completion fish > ~/.config/fish/completions/sublet.fish    fish
`;
