import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPaths } from '../../host/paths';
import { type GinkgoRun, runGinkgo } from './ginkgo';
import type { ConformanceOptions, Place } from './options';
import { mergeRetry, readReport, type SpecResult } from './results';

/** The result of one place. */
export interface PlaceResult {
  readonly place: Place;
  /** When it began, in ISO 8601. */
  readonly date: string;
  readonly minutes: number;
  readonly procs: number;
  readonly focus: string | undefined;
  readonly excluded: number;
  readonly specs: readonly SpecResult[];
}

/** Where and how one place is run. */
export interface PlaceRun {
  readonly place: Place;
  readonly paths: HostPaths;
  readonly kubeconfig: string;
  readonly options: ConformanceOptions;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

const ALL = '\\[Conformance\\]';

/** Runs the specs at one place, those that fail once more and alone, and keeps the result in the folder of results. */
export async function runPlace({ place, paths, kubeconfig, options, onProgress, signal }: PlaceRun): Promise<void> {
  const started = new Date();
  const { focus, procs, limitMinutes } = options;
  const common = { paths, kubeconfig, limitMinutes, onProgress, signal };
  const folder = (attempt: string): string => join(options.out, `${place}-${attempt}`);
  const first: GinkgoRun = { ...common, focus: [focus ?? ALL], procs, directory: folder('first') };
  const { specs, excluded } = readReport(await runGinkgo(first), focus);
  const failed = specs.filter(({ outcome }) => outcome.kind === 'failed').map(({ text }) => text);
  let results = specs;
  if (options.retry && failed.length > 0) {
    onProgress(`running ${failed.length} failed specs again, one at a time`);
    const again: GinkgoRun = { ...common, focus: failed.map(exactly), procs: 1, directory: folder('again') };
    results = mergeRetry(specs, readReport(await runGinkgo(again), undefined).specs);
  }
  const minutes = Math.round((Date.now() - started.getTime()) / 60_000);
  await writeResult(options.out, {
    place,
    date: started.toISOString(),
    minutes,
    procs,
    focus,
    excluded,
    specs: results,
  });
}

/** The kept result of a place, or `undefined` while there is none. */
export async function readResult(out: string, place: Place): Promise<PlaceResult | undefined> {
  const text = await readFile(resultFile(out, place), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const result: PlaceResult = JSON.parse(text);
  return result;
}

async function writeResult(out: string, result: PlaceResult): Promise<void> {
  await mkdir(out, { recursive: true });
  await writeFile(resultFile(out, result.place), `${JSON.stringify(result, null, 2)}\n`);
}

function resultFile(out: string, place: Place): string {
  return join(out, `${place}.json`);
}

/** Ginkgo searches an expression in the suite's name, a space and the spec's text. */
function exactly(text: string): string {
  return `${text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`;
}
