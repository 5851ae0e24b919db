import type { StreamingKubeClient } from '../../syncer/kube/client';
import { RESOURCES } from '../../syncer/kube/resources';
import type { KubeObject } from '../../syncer/kube/types';
import { eventually } from '../support/eventually';
import { AGNHOST } from '../support/manifests';

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
export function unschedulablePod(name: string, namespace: string, { token }: PodOptions): KubeObject {
  return Object.assign(
    { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { [LABEL.key]: LABEL.value } } },
    {
      spec: {
        automountServiceAccountToken: token,
        nodeSelector: { 'example.com/nowhere': 'true' },
        containers: [{ name: 'main', image: AGNHOST }],
      },
    },
  );
}

/** When a host watch showed which pod. */
export interface PodWatch {
  /** Name on the host → `performance.now()` when its `ADDED` event was read. */
  readonly seen: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Watches a namespace for new pods. It is open when this returns. */
export async function watchPods(client: StreamingKubeClient, namespace: string): Promise<PodWatch> {
  const seen = new Map<string, number>();
  const stop = new AbortController();
  const { resourceVersion } = await client.list(RESOURCES.pods, { namespace });
  const opened = Promise.withResolvers<void>();
  const query = { namespace, resourceVersion, timeoutSeconds: 1800 };
  const watching = (async () => {
    const events = client.watch(RESOURCES.pods, query, { signal: stop.signal, onOpen: opened.resolve });
    for await (const { type, object } of events) {
      if (type === 'ADDED') seen.set(object.metadata.name ?? '', performance.now());
    }
  })().catch((error: unknown) => {
    opened.reject(error);
    if (!stop.signal.aborted) throw error;
  });
  await opened.promise;
  return {
    seen,
    async stop() {
      stop.abort();
      await watching;
    },
  };
}

/** Waits until a watch has shown all of these pods. */
export async function allSeen({ seen }: PodWatch, names: readonly string[], timeoutMs = 300_000): Promise<void> {
  await eventually(() => names.every((name) => seen.has(name)), {
    what: `${names.length} pods on the host`,
    timeoutMs,
    everyMs: 50,
  });
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
