import type { StreamingKubeClient } from '../../syncer/kube/client';
import { RESOURCES } from '../../syncer/kube/resources';
import type { KubeObject } from '../../syncer/kube/types';
import { eventually } from '../support/eventually';
import { AGNHOST } from '../support/manifests';
import { type OpenWatch, openWatch } from './watch';

/** Label of all pods that the benchmark makes. */
const LABEL = { key: 'app', value: 'bench' } as const;

/** How the pods of a measurement are made. */
export interface PodOptions {
  /** Whether they get a service-account token, which costs the syncer a token request and a Secret for each. */
  readonly token: boolean;
}

/**
 * A pod that no node takes, since none has the label that it asks for: the objects' way is what is measured, and no
 * container takes the processor meanwhile.
 */
export function unschedulablePod(
  name: string,
  namespace: string,
  { token }: PodOptions,
  furtherSpec: object = {},
): KubeObject {
  return Object.assign(
    { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { [LABEL.key]: LABEL.value } } },
    {
      spec: {
        automountServiceAccountToken: token,
        nodeSelector: { 'example.com/nowhere': 'true' },
        containers: [{ name: 'main', image: AGNHOST }],
        ...furtherSpec,
      },
    },
  );
}

/** Creates unschedulable pods `<prefix>-<n>`, all at once. @returns their names */
export async function createPods(
  client: StreamingKubeClient,
  namespace: string,
  prefix: string,
  count: number,
): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  await Promise.all(
    names.map((name) =>
      // All are asked for at once, so that the last waits for all others.
      client.create(RESOURCES.pods, namespace, unschedulablePod(name, namespace, WITH_TOKEN), { timeoutMs: 300_000 }),
    ),
  );
  return names;
}

/** Most pods have one: it is the default. */
const WITH_TOKEN: PodOptions = { token: true };

/** Host namespace for the pods that go straight to the host. */
export const DIRECT_NAMESPACE = 'bench-direct';

/** Makes {@link DIRECT_NAMESPACE}. Pods are refused there until a controller has made its ServiceAccount. */
export async function ensureDirectNamespace(client: StreamingKubeClient): Promise<void> {
  const metadata = { name: DIRECT_NAMESPACE };
  if ((await client.get(RESOURCES.namespaces, undefined, DIRECT_NAMESPACE)) === undefined) {
    await client.create(RESOURCES.namespaces, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata });
  }
  await eventually(() => client.get(RESOURCES.serviceAccounts, DIRECT_NAMESPACE, 'default'), {
    what: `the ServiceAccount of ${DIRECT_NAMESPACE}`,
  });
}

/** When a host watch showed which pod. */
export interface PodWatch extends OpenWatch {
  /** Name on the host → `performance.now()` when its `ADDED` event was read. */
  readonly seen: ReadonlyMap<string, number>;
}

/** Watches a namespace for new pods. It is open when this returns. */
export async function watchPods(client: StreamingKubeClient, namespace: string): Promise<PodWatch> {
  const seen = new Map<string, number>();
  const watch = await openWatch(client, RESOURCES.pods, namespace, ({ type, object }) => {
    if (type === 'ADDED') seen.set(object.metadata.name ?? '', performance.now());
  });
  return { seen, ...watch };
}

/** Waits until a watch has shown all of these pods. */
export async function allSeen({ seen }: PodWatch, names: readonly string[], timeoutMs = 300_000): Promise<void> {
  const look = (): boolean => {
    const missing = names.filter((name) => !seen.has(name));
    if (missing.length > 0) throw new Error(`${missing.length} are missing, ${missing[0]} is one of them`);
    return true;
  };
  await eventually(look, { what: `${names.length} pods on the host`, timeoutMs, everyMs: 50 });
}

/** Deletes the benchmark's pods in one namespace of a cluster and waits until they are gone there. */
export async function deletePods(client: StreamingKubeClient, namespace: string): Promise<void> {
  const ours = { namespace, labelSelector: `${LABEL.key}=${LABEL.value}`, metadataOnly: true };
  const { items } = await client.list(RESOURCES.pods, ours);
  await Promise.all(
    items.map(({ metadata }) =>
      client.delete(RESOURCES.pods, namespace, metadata.name ?? '', { gracePeriodSeconds: 0, timeoutMs: 300_000 }),
    ),
  );
  await eventually(async () => (await client.list(RESOURCES.pods, ours)).items.length === 0, {
    what: `${items.length} deleted pods to go`,
    timeoutMs: 300_000,
    everyMs: 1000,
  });
}

/** Waits until a namespace of the host holds no pod any more whose name begins like this. */
export async function podsLeft(client: StreamingKubeClient, namespace: string, prefix: string): Promise<void> {
  await eventually(
    async () => {
      const { items } = await client.list(RESOURCES.pods, { namespace, metadataOnly: true });
      return !items.some(({ metadata }) => metadata.name?.startsWith(prefix));
    },
    { what: `the pods ${prefix}* to leave ${namespace}`, timeoutMs: 300_000, everyMs: 1000 },
  );
}
