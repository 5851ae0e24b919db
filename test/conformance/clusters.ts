import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { HostHandle } from '../../host';
import type { HostPaths } from '../../host/paths';
import { kubeconfigFile } from '../../host/pki/host-pki';
import { clusterNames, KUBECONFIG_KEYS, SubletError } from '../../lib/contract';
import { type KubectlTarget, kubectlTarget, sublet } from '../support/cluster';
import { eventually } from '../support/eventually';

const CLUSTER = 'conformance';
const NAMESPACE = `vcluster-${CLUSTER}`;
/** A machine that is busy with others needs more than the command's own limit. */
const START_MINUTES = 12;

/** A cluster on which specs run. */
export interface TriedCluster {
  /** Path of a kubeconfig that works in the host's network namespace. */
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
}

/** The bare host. */
export function controlCluster(paths: HostPaths): TriedCluster {
  return { kubeconfig: kubeconfigFile(paths, 'admin'), close: async () => {} };
}

/**
 * A new virtual cluster with nothing but a name: the default configuration. One that an earlier run left is removed first.
 * @throws SubletError `NOT_READY` with what `sublet` said
 */
export async function insideCluster(host: HostHandle): Promise<TriedCluster> {
  const home = await mkdtemp(join(tmpdir(), 'sublet-conformance-'));
  const own = join(home, 'kubeconfig');
  await writeFile(own, await readFile(host.kubeconfig), { mode: 0o600 });
  const env = { HOME: home, KUBECONFIG: own };
  const call = async (...words: string[]): Promise<void> => {
    const { code, stderr } = await sublet(words, env, (START_MINUTES + 1) * 60_000);
    if (code !== 0) throw new SubletError('NOT_READY', `sublet ${words.join(' ')} failed: ${stderr.trim()}`);
  };
  await call('delete', CLUSTER, '--ignore-not-found');
  // Some specs want the network, ports or directories of the node, which isolation keeps tenants from.
  await call('create', CLUSTER, '--set', 'isolation.level=off', '--no-connect', '--timeout', `${START_MINUTES}m`);
  const kubeconfig = join(home, 'inside');
  await writeFile(kubeconfig, await reachableKubeconfig(kubectlTarget(host.kubeconfig)), { mode: 0o600 });
  return { kubeconfig, close: () => rm(home, { recursive: true, force: true }) };
}

/** The tenant's admin kubeconfig with the address of the Service, which the host's network namespace reaches. */
async function reachableKubeconfig(host: KubectlTarget): Promise<string> {
  const names = clusterNames(CLUSTER);
  const service = serviceSchema.parse(await host.json(['-n', NAMESPACE, 'get', 'service', names.controlPlane]));
  const secret = await eventually(
    async () => secretSchema.parse(await host.json(['-n', NAMESPACE, 'get', 'secret', names.kubeconfigSecret])),
    { what: 'the kubeconfig of the virtual cluster' },
  );
  const text = Buffer.from(secret.data[KUBECONFIG_KEYS.config] ?? '', 'base64').toString();
  const config = kubeconfigSchema.parse(parse(text));
  // The certificate carries this name, and a ClusterIP only where it was known in time.
  const reached = { server: `https://${service.spec.clusterIP}`, 'tls-server-name': 'kubernetes' };
  const clusters = config.clusters.map(({ name, cluster }) => ({ name, cluster: { ...cluster, ...reached } }));
  return stringify({ ...config, clusters });
}

const serviceSchema = z.object({ spec: z.object({ clusterIP: z.string() }) });
const secretSchema = z.object({ data: z.record(z.string(), z.string()) });
const kubeconfigSchema = z.looseObject({
  clusters: z.array(z.object({ name: z.string(), cluster: z.looseObject({}) })),
});
