import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKubeClient } from '../../syncer/kube/client';
import { connectionOfKubeconfig } from '../../syncer/kube/config';
import { measureBurst } from './burst';
import { type BenchHost, openCluster } from './cluster';
import { measureIdle } from './idle';
import { measureLatency } from './latency';
import { measureMemory } from './memory';
import { measureConfigMaps, measureServices } from './objects';
import { parseOptions } from './options';
import { measureRendering } from './rendering';
import { circumstances, type Figure, renderReport } from './report';
import { measureRestart } from './restart';
import { measureRunning } from './running';
import { measureStartUp } from './start-up';
import { findSyncer } from './syncer-process';

/** How much is measured. */
interface Plan {
  readonly starts: number;
  readonly latencyPods: number;
  readonly idleSeconds: number;
  readonly objects: number;
  readonly runningPods: number;
  readonly bursts: readonly number[];
  readonly restartPods: number;
  /** How often one virtual cluster is rendered, and how many at once. */
  readonly rendering: readonly [runs: number, many: number];
}

const FULL: Plan = {
  starts: 5,
  latencyPods: 200,
  idleSeconds: 60,
  objects: 100,
  runningPods: 15,
  bursts: [200, 1000],
  restartPods: 1000,
  rendering: [9, 1000],
};
const QUICK: Plan = {
  starts: 1,
  latencyPods: 50,
  idleSeconds: 20,
  objects: 20,
  runningPods: 3,
  bursts: [200],
  restartPods: 200,
  rendering: [3, 200],
};

/** A control plane that has just become ready still has things to say: the idle time begins later. */
const SETTLE_MS = 20_000;

/**
 * All measurements, one after the other. Runs in the network namespace of the host, from where Services can be reached.
 * Arguments: the host's directory, the cgroup path of its pods, the number of other hosts on this machine, then those of the benchmark. Prints the report on
 * standard output and progress on standard error. Leaves its objects to the host, which is taken down.
 */
async function main([directory = '', cgroup = '', otherHosts = '', ...rest]: readonly string[]): Promise<void> {
  const { quick, output } = parseOptions(rest);
  const around = circumstances(new Date(), quick, loadavg()[0] ?? Number.NaN, Number(otherHosts));
  const kubeconfig = join(directory, 'pki', 'admin.kubeconfig');
  const client = createKubeClient(connectionOfKubeconfig(kubeconfig));
  try {
    const host = { client, kubeconfig, cgroup, directory, auditLog: join(directory, 'audit.log') };
    const figures = await measureAll(host, quick ? QUICK : FULL);
    process.stdout.write(renderReport(figures, around, output));
  } finally {
    client.close();
  }
}

async function measureAll(host: BenchHost, plan: Plan): Promise<readonly Figure[]> {
  progress('rendering');
  const rendering = await measureRendering(...plan.rendering);
  const { figures, spec } = await measureStartUp(host, plan.starts, progress);
  const cluster = await openCluster(host, spec);
  try {
    const syncer = await findSyncer(host.cgroup);
    const memory = (id: string, what: string, idle: boolean): Promise<readonly Figure[]> =>
      measureMemory(syncer, { id, what, idle });
    const parts: Figure[] = [...rendering, ...figures];
    await sleep(SETTLE_MS);
    progress(`nothing for ${plan.idleSeconds} s`);
    const idle = await measureIdle(host, cluster, plan.idleSeconds);
    parts.push(...(await memory('idle', 'idle after start', true)), ...idle);
    for (const token of [false, true]) {
      progress(`latency of ${plan.latencyPods} pods ${token ? 'with' : 'without'} token`);
      parts.push(...(await measureLatency(host, cluster, plan.latencyPods, { token })));
    }
    progress(`${plan.objects} ConfigMaps and Services`);
    parts.push(...(await measureConfigMaps(host, cluster, plan.objects)));
    parts.push(...(await measureServices(host, cluster, plan.objects)));
    progress(`${plan.runningPods} pods that run`);
    parts.push(...(await measureRunning(host, cluster, plan.runningPods)));
    for (const pods of plan.bursts) {
      progress(`burst of ${pods} pods`);
      const atRest = () => memory(`burst-${pods}`, `with the ${pods} pods`, false);
      parts.push(...(await measureBurst(host, cluster, { syncer, pods, atRest })));
    }
    await sleep(SETTLE_MS);
    parts.push(...(await memory('after', 'idle again, all pods gone', false)));
    progress(`restart of the syncer with ${plan.restartPods} pods`);
    parts.push(...(await measureRestart(host, cluster, plan.restartPods)));
    return parts;
  } finally {
    cluster.client.close();
  }
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
