import { ensureKubernetesEndpoints, ensureKubernetesService, KUBERNETES_SERVICE } from '../bootstrap';
import { Controller, type ControllerReport } from '../engine/controller';
import type { Cache, KubeClient, KubeObject } from '../kube/types';
import { keyOf } from '../kube/types';

/** Where the virtual API server is reached. */
export interface ApiAddress {
  /** ClusterIP of the host Service `<cluster>`, which `default/kubernetes` must have too. */
  readonly serviceIp: string;
  /** Addresses of the pods that serve it. */
  readonly podIps: () => readonly string[];
}

/** The one key of its controller. */
export const API_SERVICE = `${KUBERNETES_SERVICE.namespace}/${KUBERNETES_SERVICE.name}`;

/**
 * Keeps `default/kubernetes` leading to the virtual API server, whoever changes it. When it is deleted, the API server
 * makes it anew with the first address of the range, and on the host that is the host's own API.
 */
export function apiServiceController(
  virtual: KubeClient,
  address: ApiAddress,
  caches: readonly Cache<KubeObject>[],
  report: ControllerReport,
): Controller {
  const controller = new Controller({
    name: 'kubernetes',
    report,
    workers: 1,
    async reconcile(_, signal) {
      const done = await ensureApiService(virtual, address, signal);
      return { kind: done ? 'patched' : 'unchanged' };
    },
  });
  for (const cache of caches) {
    cache.subscribe((change) => {
      if (keyOf(change.kind === 'deleted' ? change.previous : change.object) === API_SERVICE)
        controller.enqueue(API_SERVICE);
    });
  }
  return controller;
}

/** Brings `default/kubernetes` and its endpoints in order; tells whether the Service had to be changed. */
export async function ensureApiService(
  virtual: KubeClient,
  { serviceIp, podIps }: ApiAddress,
  signal: AbortSignal,
): Promise<boolean> {
  const decisions = await ensureKubernetesService(virtual, serviceIp, { signal });
  await ensureKubernetesEndpoints(virtual, podIps(), { signal });
  return decisions.some(({ kind }) => kind !== 'keep');
}
