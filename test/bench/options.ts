import { parseArgs } from 'node:util';
import { SubletError } from '../../lib/contract';

/** How results are printed. */
export type OutputFormat = 'table' | 'json' | 'markdown';

/** What the benchmark is asked for on its command line. */
export interface BenchOptions {
  /** Fewer repetitions and shorter waits: to see that everything works, not to quote. @default false */
  readonly quick: boolean;
  /** Only what needs no host cluster: the rendering of manifests. @default false */
  readonly rendering: boolean;
  /** @default 'table' */
  readonly output: OutputFormat;
}

/**
 * Reads `--quick`, `--rendering` and `--output table|json|markdown`.
 * @throws SubletError `USAGE`
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { quick, rendering, output } = readFlags(args);
  if (output !== 'table' && output !== 'json' && output !== 'markdown') {
    throw new SubletError('USAGE', `--output ${output} is not known`, { hint: 'Use table, json or markdown.' });
  }
  return { quick, rendering, output };
}

function readFlags(args: readonly string[]): {
  readonly quick: boolean;
  readonly rendering: boolean;
  readonly output: string;
} {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        rendering: { type: 'boolean', default: false },
        output: { type: 'string', default: 'table' },
      },
    }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SubletError('USAGE', message, {
      cause,
      hint: 'Use [--quick] [--rendering] [--output table|json|markdown].',
    });
  }
}
