/** Shells that there are completion scripts for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** One of {@link SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/** What can follow one command. */
export interface CommandWords {
  /** Words from the program's name on, without it. */
  readonly path: readonly string[];
  readonly description: string;
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly { readonly long: string; readonly description: string }[];
}

/** The completion script of a shell, for a tree of commands that is known in advance. */
export function completionScript(shell: Shell, commands: readonly CommandWords[]): string {
  return { bash, zsh, fish }[shell](commands);
}

function bash(commands: readonly CommandWords[]): string {
  return `# bash completion for sublet
_sublet() {
  local word path="" current="\${COMP_WORDS[COMP_CWORD]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${alternatives(commands, '      ')}
    esac
  done
  case "$path" in
${commands.map((command) => `    ${quoted(command)}) COMPREPLY=($(compgen -W "${wordList(command)}" -- "$current")) ;;`).join('\n')}
  esac
}
complete -o default -F _sublet sublet
`;
}

function zsh(commands: readonly CommandWords[]): string {
  return `#compdef sublet
_sublet() {
  local word path=""
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$path $word" in
${alternatives(commands, '      ')}
    esac
  done
  local -a candidates
  case "$path" in
${commands.map((command) => `    ${quoted(command)}) candidates=(${described(command)}) ;;`).join('\n')}
  esac
  _describe 'sublet' candidates || _files
}
compdef _sublet sublet
`;
}

function fish(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap((command) => {
    const condition = fishCondition(command);
    const subcommands = command.subcommands.map(
      ({ name, description }) => `complete -c sublet -f -n '${condition}' -a ${name} -d ${single(description)}`,
    );
    const options = command.options.map(
      ({ long, description }) => `complete -c sublet -n '${condition}' -l ${long.slice(2)} -d ${single(description)}`,
    );
    return [...subcommands, ...options];
  });
  return `# fish completion for sublet\n${lines.join('\n')}\n`;
}

/** The steps from one command to the next, as a shell `case`. */
function alternatives(commands: readonly CommandWords[], indent: string): string {
  return commands
    .filter((command) => command.path.length > 0)
    .map((command) => `${indent}${quoted(command)}) path=${quoted(command)} ;;`)
    .join('\n');
}

function quoted({ path }: CommandWords): string {
  return `"${path.map((word) => ` ${word}`).join('')}"`;
}

function wordList({ subcommands, options }: CommandWords): string {
  return [...subcommands.map(({ name }) => name), ...options.map(({ long }) => long)].join(' ');
}

function described({ subcommands, options }: CommandWords): string {
  return [
    ...subcommands.map(({ name, description }) => single(`${name}:${description}`)),
    ...options.map(({ long, description }) => single(`${long}:${description}`)),
  ].join(' ');
}

function fishCondition({ path, subcommands }: CommandWords): string {
  if (path.length === 0) return '__fish_use_subcommand';
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
  const names = subcommands.map(({ name }) => name).join(' ');
  return names === '' ? seen : `${seen}; and not __fish_seen_subcommand_from ${names}`;
}

function single(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
