import { readFileSync } from 'node:fs';
import type { PulumiFn } from '@pulumi/pulumi/automation';
import { transformSync } from 'esbuild';

/** What stands in a file → what shall stand there. */
export type Replacements = { readonly [text: string]: string };

/**
 * The program in a file, as a function that runs it: its exports become the stack's outputs. A program runs while its
 * module loads, so it is loaded anew each time, but against the Pulumi SDK that this process already has.
 * @param replacements for what is different here, such as a port
 */
export function loadProgram(file: string, replacements: Replacements = {}): PulumiFn {
  let source = readFileSync(file, 'utf8');
  for (const [text, by] of Object.entries(replacements)) {
    if (!source.includes(text)) throw new Error(`${file} does not say ${text}`);
    source = source.replaceAll(text, by);
  }
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs', target: 'es2023', sourcefile: file });
  return async () => {
    const module = { exports: {} };
    new Function('module', 'exports', 'require', code)(module, module.exports, require);
    return module.exports;
  };
}
