import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Figure } from './report';
import { median } from './statistics';

const PROGRAM = join(__dirname, 'render-program.cjs');

const measured = z.object({
  cdk8s: z.number(),
  library: z.number(),
  construct: z.number(),
  synth: z.number(),
  memory: z.number(),
});

/** Times in milliseconds, memory in MB. */
type Measured = z.infer<typeof measured>;

/** Loading the library, and rendering one virtual cluster and many, each in processes of their own. Needs no host. */
export async function measureRendering(runs: number, many: number): Promise<readonly Figure[]> {
  const single = await repeated(runs, 1, 1);
  const together = await repeated(1, many, 1);
  const apart = await repeated(1, many, many);
  const name = (what: string): string => `${many} virtual clusters in one cdk8s app, ${what}`;
  return [
    figure('render/import', 'import of sublet/cdk8s on top of cdk8s', single, ({ library }) => library, 'ms', 150),
    figure('render/one', 'one virtual cluster: construct and synth', single, rendering, 'ms', 50),
    figure('render/many', name('in one chart'), together, seconds, 's', 10),
    figure('render/many-memory', name('in one chart: peak RSS'), together, ({ memory }) => memory, 'MB', 500),
    figure('render/many-charts', name('a chart each'), apart, seconds, 's', 10),
    figure('render/many-charts-memory', name('a chart each: peak RSS'), apart, ({ memory }) => memory, 'MB', 500),
  ];
}

function rendering({ construct, synth }: Measured): number {
  return construct + synth;
}

function seconds(run: Measured): number {
  return rendering(run) / 1000;
}

function figure(
  id: string,
  what: string,
  runs: readonly Measured[],
  of: (run: Measured) => number,
  unit: string,
  below: number,
): Figure {
  const values = runs.map(of);
  const detail = runs.length === 1 ? {} : { detail: `median of ${values.map((value) => value.toFixed(0)).join(', ')}` };
  return { id, what, value: median(values), unit, target: { below }, ...detail };
}

async function repeated(runs: number, clusters: number, charts: number): Promise<readonly Measured[]> {
  const results: Measured[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, String(clusters), String(charts)]);
    results.push(measured.parse(JSON.parse(stdout)));
  }
  return results;
}
