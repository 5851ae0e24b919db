import { Command, CommanderError, Option } from 'commander';
import { SubletError } from '../lib/contract';
import type { Bind } from './bind';
import { descendants } from './command-tree';
import { registerCommands } from './commands';
import { type GlobalOptions, openSession } from './session';
import type { Surroundings } from './surroundings';
import { EXIT, exitCodeOf, formatError, reportError } from './terminal/errors';
import { formatReport, OUTPUT_FORMATS, requestedFormat } from './terminal/output';
import { styleFor } from './terminal/style';

/**
 * Runs the command line. Never throws: whatever goes wrong is written to standard error.
 * @param argv the words after the program's name
 * @returns the exit code
 */
export async function runShell(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let code: number = EXIT.ok;
  let verbose = argv.includes('--verbose') || argv.includes('-v');
  let format: GlobalOptions['output'] = 'table';
  let errorCode: number | undefined;
  const program = createProgram(surroundings, (command, action, options) => {
    command.action(async () => {
      errorCode = options?.errorCode?.(command.opts());
      const session = openSession(surroundings, command.optsWithGlobals<GlobalOptions>());
      verbose = session.globals.verbose === true;
      format = session.globals.output;
      try {
        code = (await action(session, command)) ?? EXIT.ok;
      } finally {
        session.close();
      }
    });
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    const { stdout, stderr, env } = surroundings;
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      const wanted = requestedFormat(argv);
      if (wanted !== 'table') stdout.write(formatReport(reportError(usageError(error)), wanted));
      return EXIT.usage;
    }
    const style = styleFor({ isTty: stderr.isTTY === true, env, color: !argv.includes('--no-color') });
    // Who reads the output by program finds the error there too.
    if (format === 'table') stderr.write(formatError(error, style, verbose));
    else stdout.write(formatReport(reportError(error), format));
    return errorCode ?? (error instanceof SubletError ? exitCodeOf(error) : EXIT.failure);
  }
}

/** What the parser said to people, for programs. */
function usageError(error: CommanderError): SubletError {
  const [what = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion === undefined || suggestion === '' ? 'add --help to see what it takes' : suggestion;
  return new SubletError('USAGE', what, { hint: hint.replace(/^\((.*)\)$/, '$1') });
}

/** The command tree. `bind` is called for each command that does something. */
export function createProgram(surroundings: Pick<Surroundings, 'stdout' | 'stderr' | 'version'>, bind: Bind): Command {
  const program = new Command('sublet')
    .description('Virtual Kubernetes clusters, each inside one namespace of a host cluster.')
    .version(surroundings.version, '--version', 'print the version')
    .addOption(new Option('--context <name>', 'context of the host cluster (default: the current one)'))
    .addOption(new Option('--kubeconfig <file>', 'kubeconfig file (default: $KUBECONFIG, else ~/.kube/config)'))
    .addOption(
      new Option('-o, --output <format>', 'form of printed data').choices([...OUTPUT_FORMATS]).default('table'),
    )
    .option('--no-color', 'no colour (NO_COLOR in the environment does the same)')
    .option('-v, --verbose', 'say more, and show the causes of errors')
    .helpCommand('help [command]', 'show the help of a command')
    .showSuggestionAfterError(true)
    .showHelpAfterError('(add --help to see what it takes)')
    .addHelpText('after', () => PROGRAM_HELP);
  settle(program, surroundings);
  registerCommands(program, bind);
  for (const command of descendants(program)) settle(command, surroundings);
  return program;
}

function settle(command: Command, { stdout, stderr }: Pick<Surroundings, 'stdout' | 'stderr'>): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    getOutHelpWidth: () => stdout.columns ?? 100,
    getErrHelpWidth: () => stderr.columns ?? 100,
  });
}

const PROGRAM_HELP = `
Examples:
  $ sublet host up                          boot a host cluster on this machine
  $ sublet create team-a                    make a virtual cluster and switch to it
  $ kubectl get namespaces                  work in it
  $ sublet connect team-a -- kubectl get ns run one command in it, without switching
  $ sublet delete team-a                    remove it and everything it made on the host

Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 not ready.
`;
