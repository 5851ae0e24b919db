import { hostName } from '../../lib/contract';
import { createKubeClient } from '../../syncer/kube/client';
import { connectionOfKubeconfig } from '../../syncer/kube/config';
import { RESOURCES } from '../../syncer/kube/resources';
import type { KubeObject } from '../../syncer/kube/types';

/**
 * Measures, inside the host's network namespace, how long a pod takes from the return of its creation in the virtual
 * cluster until a watch on the host shows its copy. Arguments: host kubeconfig, virtual kubeconfig, host namespace,
 * cluster, number of pods, pods a second. Prints milliseconds as JSON.
 */
async function main([
  hostConfig = '',
  virtualConfig = '',
  namespace = '',
  cluster = '',
  count = '100',
  rate = '10',
]: readonly string[]) {
  const host = createKubeClient(connectionOfKubeconfig(hostConfig));
  const virtual = createKubeClient(connectionOfKubeconfig(virtualConfig));
  const seen = new Map<string, number>();
  const stop = new AbortController();
  const { resourceVersion } = await host.list(RESOURCES.pods, { namespace });
  const watching = (async () => {
    const query = { namespace, resourceVersion, timeoutSeconds: 600 };
    for await (const { type, object } of host.watch<KubeObject>(RESOURCES.pods, query, { signal: stop.signal })) {
      if (type === 'ADDED') seen.set(object.metadata.name ?? '', performance.now());
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });

  const returned = new Map<string, number>();
  const run = Date.now().toString(36);
  const creations: Promise<void>[] = [];
  for (let index = 0; index < Number(count); index++) {
    const name = `latency-${run}-${index}`;
    creations.push(
      virtual.create(RESOURCES.pods, 'default', pod(name)).then(() => {
        returned.set(hostName(name, 'default', cluster), performance.now());
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1000 / Number(rate)));
  }
  await Promise.all(creations);
  const deadline = performance.now() + 30_000;
  while ([...returned.keys()].some((name) => !seen.has(name)) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const delays = [...returned].map(([name, at]) => (seen.get(name) ?? Number.NaN) - at).sort((a, b) => a - b);
  stop.abort();
  await watching;
  await Promise.all(
    [...Array(Number(count)).keys()].map((index) =>
      virtual.delete(RESOURCES.pods, 'default', `latency-${run}-${index}`, { gracePeriodSeconds: 0 }),
    ),
  );
  virtual.close();
  host.close();
  const at = (share: number) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))];
  process.stdout.write(`${JSON.stringify({ pods: delays.length, median: at(0.5), p90: at(0.9), p99: at(0.99) })}\n`);
}

function pod(name: string): KubeObject & { spec: object } {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'latency' } },
    spec: {
      // No node has this label: the host object is what is measured, and no container takes the processor meanwhile.
      nodeSelector: { 'example.com/nowhere': 'true' },
      containers: [{ name: 'main', image: 'registry.k8s.io/e2e-test-images/agnhost:2.66.1' }],
    },
  };
}

void main(process.argv.slice(2));
