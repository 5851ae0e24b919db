import { join } from 'node:path';
import { kubectlDirectory } from '../../host';
import { clusterNames, KUBECONFIG_KEYS } from '../../lib/contract';
import { renderYaml } from '../../lib/manifests';
import { type ResolvedSpec, resolveSpec } from '../../lib/spec';
import { createKubeClient, type StreamingKubeClient } from '../../syncer/kube/client';
import { parseKubeconfig } from '../../syncer/kube/config';
import { RESOURCES } from '../../syncer/kube/resources';
import type { KubeObject, Resource } from '../../syncer/kube/types';
import { output } from '../support/command';
import { eventually } from '../support/eventually';

/** The host cluster, as a program in its network namespace uses it. */
export interface BenchHost {
  readonly client: StreamingKubeClient;
  /** An admin kubeconfig that works inside of the network namespace. */
  readonly kubeconfig: string;
  /** Where the host keeps its state. */
  readonly directory: string;
  readonly auditLog: string;
  /** Path below the cgroup hierarchies under which the host's pods run. */
  readonly cgroup: string;
}

/** A virtual cluster that is measured. */
export interface BenchCluster {
  readonly name: string;
  /** Its namespace on the host. */
  readonly namespace: string;
  /** Its API as the tenant's admin, at the Service's ClusterIP. */
  readonly client: StreamingKubeClient;
}

/** The StatefulSet as it is read here. */
export interface StatefulSet extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

/** The kind of a control plane. */
export const STATEFUL_SETS: Resource = {
  group: 'apps',
  version: 'v1',
  plural: 'statefulsets',
  kind: 'StatefulSet',
  namespaced: true,
};

interface Service extends KubeObject {
  readonly spec?: { readonly clusterIP?: string };
}

interface Secret extends KubeObject {
  readonly data?: { readonly [key: string]: string };
}

interface Deployment extends KubeObject {
  readonly status?: { readonly availableReplicas?: number };
}

/** The declaration of the virtual cluster that is measured: nothing but defaults. */
export function benchSpec(name: string): ResolvedSpec {
  return resolveSpec({ name });
}

/** Hands the manifests of a virtual cluster to `kubectl apply`, as a user would. */
export async function applyCluster(host: BenchHost, spec: ResolvedSpec): Promise<void> {
  await kubectl(host, ['apply', '-f', '-'], renderYaml(spec));
}

/** Deletes a virtual cluster with its namespace and waits until that is gone. */
export async function removeCluster(host: BenchHost, { namespace }: Pick<BenchCluster, 'namespace'>): Promise<void> {
  await kubectl(host, ['delete', 'namespace', namespace, '--wait=false']);
  await eventually(async () => (await host.client.get(RESOURCES.namespaces, undefined, namespace)) === undefined, {
    what: `namespace ${namespace} to go`,
    timeoutMs: 120_000,
  });
}

/** The ClusterIP of a virtual cluster's Service, or `undefined` while there is none. */
export async function apiAddress(host: BenchHost, { name, namespace }: ResolvedSpec): Promise<string | undefined> {
  const service = await host.client.get<Service>(RESOURCES.services, namespace, clusterNames(name).controlPlane);
  return service?.spec?.clusterIP;
}

/** Opens a virtual cluster whose control plane is ready, once its DNS, the last thing that a start brings, is up. */
export async function openCluster(host: BenchHost, spec: ResolvedSpec): Promise<BenchCluster> {
  const { name, namespace } = spec;
  const address = await apiAddress(host, spec);
  const config = await eventually(
    async () => {
      const secret = await host.client.get<Secret>(RESOURCES.secrets, namespace, clusterNames(name).kubeconfigSecret);
      return secret?.data?.[KUBECONFIG_KEYS.config];
    },
    { what: `the kubeconfig of ${name}` },
  );
  const connection = parseKubeconfig(Buffer.from(config, 'base64').toString(), '/', `the kubeconfig of ${name}`);
  // The certificate carries this name, and any ClusterIP only where it was known in time.
  const client = createKubeClient({ ...connection, server: `https://${address}`, serverName: 'kubernetes' });
  await eventually(
    async () => {
      const dns = await client.get<Deployment>(RESOURCES.deployments, 'kube-system', 'coredns');
      return (dns?.status?.availableReplicas ?? 0) > 0;
    },
    { what: `the DNS of ${name}`, timeoutMs: 120_000 },
  );
  return { name, namespace, client };
}

async function kubectl(host: BenchHost, args: readonly string[], input = ''): Promise<void> {
  await output(join(kubectlDirectory(), 'kubectl'), [`--kubeconfig=${host.kubeconfig}`, ...args], { input });
}
