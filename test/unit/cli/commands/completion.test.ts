import { execFileSync } from 'node:child_process';
import { wordsOf } from '../../../../cli/commands/completion';
import { completionScript } from '../../../../cli/commands/completion-scripts';
import { createProgram } from '../../../../cli/shell';

const words = wordsOf(createProgram({ stdout: process.stdout, stderr: process.stderr, version: '' }, () => {}));

describe('completion', () => {
  it.each([
    [
      ['sublet', ''],
      ['create', 'demo', '--context'],
    ],
    [
      ['sublet', 'host', ''],
      ['up', 'down', 'status'],
    ],
    [['sublet', '--no-color', 'host', 'up', '--m'], ['--mode']],
    [['sublet', 'create', 'my-name', '--st'], ['--store']],
    [
      ['sublet', 'plan', '--'],
      ['--from', '--exit-code', '--values', '--spec'],
    ],
    [
      ['sublet', 'explain', '--'],
      ['--show', '--in', '--name', '--values', '--spec'],
    ],
  ])('bash completes %j', (line, expected) => {
    const script = `${completionScript('bash', words)}
COMP_WORDS=(${line.map((word) => `"${word}"`).join(' ')}); COMP_CWORD=${line.length - 1}; _sublet; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const found = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n');
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  it('offers nothing hidden', () => {
    expect(words.map(({ path }) => path.join(' '))).not.toContain('tunnel');
    for (const shell of ['bash', 'zsh', 'fish'] as const)
      expect(completionScript(shell, words)).not.toContain('tunnel');
  });

  it('quotes descriptions for each shell', () => {
    const tricky = [{ path: [], description: '', subcommands: [{ name: 'x', description: "it's" }], options: [] }];
    expect(completionScript('fish', tricky)).toContain(`-d 'it'\\''s'`);
    expect(completionScript('zsh', tricky)).toContain(`'x:it'\\''s'`);
  });
});
