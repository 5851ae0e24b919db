import { readFile } from 'node:fs/promises';
import { eventually } from '../../support/eventually';
import type { RunningContainer } from './containers';

/** The syncer's process, and what it tells about itself. */
export interface SyncerProcess {
  /** Kills it (SIGKILL), so that it has no chance to end in order. */
  kill(): Promise<void>;
  /** Starts it again after {@link kill} and waits until it is ready. */
  start(): Promise<void>;
  untilReady(): Promise<void>;
  /** Waits until it says that it is not ready, for a reason that names this. */
  untilNotReady(reason: string): Promise<void>;
  /** How often the process was started. */
  readonly starts: number;
  /** Looks at everything at once, and tells what the patrol had to repair: nothing, in a correct engine. */
  patrol(): Promise<PatrolResult>;
  /** The sum over all series of a metric. */
  metric(name: string): Promise<number>;
  /** All metrics, as they are served. */
  metrics(): Promise<string>;
}

/** What a patrol found. */
export interface PatrolResult {
  /** Repairs by controller, since the process began. */
  readonly repairs: { readonly [controller: string]: number };
  /** Changes of which no watch had told, by side and resource (`host pods`), since the process began. */
  readonly missed: { readonly [cache: string]: number };
  /** The log lines that tell of them. */
  readonly log: readonly string[];
}

/** A patrol that had nothing to repair. */
export const NOTHING_FOUND: PatrolResult = { repairs: {}, missed: {}, log: [] };

const FINDINGS = ['the patrol found a difference', 'a watch missed changes'];
const TIMEOUT_MS = 60_000;

/** The syncer that runs in a container. @param port of its health server, on this process's loopback */
export function syncerProcess(container: RunningContainer, port: number, log: string): SyncerProcess {
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) });
  const metrics = async () => (await get('/metrics')).text();
  const series = async () => parseMetrics(await metrics());
  const metric = async (name: string) => sum((await series()).filter((one) => one.name === name));
  const syncer: SyncerProcess = {
    kill: () => container.kill(),
    get starts() {
      return container.starts;
    },
    async start() {
      await container.resume();
      await syncer.untilReady();
    },
    async untilReady() {
      const ready = async (): Promise<boolean> => (await get('/readyz')).status === 200;
      await eventually(ready, { what: `the syncer to be ready (${log})`, everyMs: 50, timeoutMs: TIMEOUT_MS });
    },
    async untilNotReady(reason) {
      const waits = async (): Promise<boolean> => {
        const answer = await get('/readyz');
        return answer.status !== 200 && (await answer.text()).includes(reason);
      };
      await eventually(waits, {
        what: `the syncer to wait for ${reason} (${log})`,
        everyMs: 50,
        timeoutMs: TIMEOUT_MS,
      });
    },
    async patrol() {
      const before = await metric('sublet_patrols_total');
      container.signal('SIGUSR2');
      const done = async (): Promise<boolean> =>
        (await metric('sublet_patrols_total')) > before && (await metric('sublet_patrol_pending')) === 0;
      await eventually(done, { what: 'the patrol to end', everyMs: 50, timeoutMs: TIMEOUT_MS });
      const all = await series();
      const counts = (metric: string, key: (labels: Series['labels']) => string) =>
        Object.fromEntries(all.filter(({ name }) => name === metric).map(({ labels, value }) => [key(labels), value]));
      const lines = (await readFile(log, 'utf8')).split('\n');
      return {
        repairs: counts('sublet_patrol_repairs_total', ({ controller = '' }) => controller),
        missed: counts('sublet_patrol_missed_changes_total', ({ side, resource }) => `${side} ${resource}`),
        log: lines.filter((line) => FINDINGS.some((finding) => line.includes(finding))),
      };
    },
    metric,
    metrics,
  };
  return syncer;
}

interface Series {
  readonly name: string;
  readonly labels: { readonly [name: string]: string };
  readonly value: number;
}

function parseMetrics(text: string): readonly Series[] {
  return text.split('\n').flatMap((line): Series[] => {
    const [, name = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (value === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

function sum(series: readonly Series[]): number {
  return series.reduce((total, { value }) => total + value, 0);
}
