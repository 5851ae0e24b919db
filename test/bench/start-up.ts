import { request } from 'node:https';
import { clusterNames } from '../../lib/contract';
import type { ResolvedSpec } from '../../lib/spec';
import { eventually } from '../support/eventually';
import {
  apiAddress,
  applyCluster,
  type BenchHost,
  benchSpec,
  removeCluster,
  STATEFUL_SETS,
  type StatefulSet,
} from './cluster';
import { type Phase, watchPhases } from './phases';
import type { Figure } from './report';
import { median } from './statistics';

/** Seconds from the call of `kubectl apply` until the virtual API answers, its pod is ready, and other phases are over. */
type Start = { readonly [moment in 'api' | 'ready' | Phase]: number };

/** What {@link measureStartUp} leaves behind. */
export interface StartedUp {
  readonly figures: readonly Figure[];
  /** The cluster of the last run, which is up. */
  readonly spec: ResolvedSpec;
}

/** Starts virtual clusters one after the other, each in a namespace of its own, and removes all but the last. */
export async function measureStartUp(
  host: BenchHost,
  runs: number,
  progress: (text: string) => void,
): Promise<StartedUp> {
  const starts: Start[] = [];
  let spec = benchSpec('bench-1');
  for (let run = 1; run <= runs; run += 1) {
    if (run > 1) await removeCluster(host, spec);
    spec = benchSpec(`bench-${run}`);
    const start = await startOnce(host, spec);
    progress(`start ${run} of ${runs}: API after ${start.api.toFixed(1)} s, ready after ${start.ready.toFixed(1)} s`);
    starts.push(start);
  }
  return { figures: figuresOf(starts), spec };
}

async function startOnce(host: BenchHost, spec: ResolvedSpec): Promise<Start> {
  const phases = await watchPhases(host.client, spec);
  const from = performance.now();
  const since = (at = performance.now()): number => (at - from) / 1000;
  const waiting = { timeoutMs: 180_000, everyMs: 50 };
  const api = async (): Promise<number> => {
    const address = await eventually(() => apiAddress(host, spec), { what: 'the Service', ...waiting });
    await eventually(() => isReady(address), { what: 'the virtual API', ...waiting });
    return since();
  };
  const ready = async (): Promise<number> => {
    await eventually(() => isStatefulSetReady(host, spec), { what: 'the control plane', ...waiting });
    return since();
  };
  const reached = async (phase: Phase): Promise<number> =>
    since(await eventually(() => phases.reached.get(phase), { what: `phase ${phase}`, ...waiting }));
  try {
    const [apiAfter, readyAfter, scheduled, initialized, running, dns] = await Promise.all([
      api(),
      ready(),
      reached('scheduled'),
      reached('initialized'),
      reached('running'),
      reached('dns'),
      applyCluster(host, spec),
    ]);
    return { api: apiAfter, ready: readyAfter, scheduled, initialized, running, dns };
  } finally {
    await phases.stop();
  }
}

async function isStatefulSetReady({ client }: BenchHost, { name, namespace }: ResolvedSpec): Promise<boolean> {
  const found = await client.get<StatefulSet>(STATEFUL_SETS, namespace, clusterNames(name).controlPlane);
  return (found?.status?.readyReplicas ?? 0) > 0;
}

/**
 * Whether `/readyz` says yes. Anybody may ask that, and the certificate is not checked: the authority that signed it is
 * not handed out yet.
 */
function isReady(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { host: address, port: 443, path: '/readyz', rejectUnauthorized: false, agent: false, timeout: 2000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

const MOMENTS: readonly { readonly id: keyof Start; readonly what: string }[] = [
  { id: 'scheduled', what: 'apply to pod scheduled' },
  { id: 'initialized', what: 'apply to certificates made' },
  { id: 'running', what: 'apply to all containers running' },
  { id: 'api', what: 'apply to API answering' },
  { id: 'ready', what: 'apply to StatefulSet ready' },
  { id: 'dns', what: 'apply to DNS ready' },
];

function figuresOf(starts: readonly Start[]): readonly Figure[] {
  return MOMENTS.map(({ id, what }) => {
    const values = starts.map((start) => start[id]);
    const figure: Figure = {
      id: `start-up/${id}`,
      what,
      value: median(values),
      unit: 's',
      detail: `median of ${values.map((value) => value.toFixed(1)).join(', ')}`,
    };
    return id === 'api' ? { ...figure, target: { below: 10 } } : figure;
  });
}
