import { isDeepStrictEqual } from 'node:util';
import type { Controller } from '../engine/controller';
import type { ClusterContext } from '../engine/types';
import type { WiredKind } from '../engine/wire';
import { type Cache, type KubeObject, keyOf, type ObjectKey } from '../kube/types';
import { nodeOfService } from '../nodes/node-service';
import { serviceOfSlice } from '../services/endpoint-slices';
import type { Caches } from './caches';
import { podAddresses } from './egress-facts';
import type { PodController } from './pod-controller';

/** Endpoints are copied or not depending on their Service. */
export function tieEndpoints(caches: Caches, endpoints: WiredKind, slices: WiredKind): void {
  caches.virtual.services.subscribe((change) => {
    const key = keyOf(change.kind === 'deleted' ? change.previous : change.object);
    if (caches.virtual.endpoints.get(key) !== undefined) endpoints.controller.enqueue(key);
    for (const slice of caches.virtual.endpointSlices.list()) {
      if (`${slice.metadata.namespace}/${serviceOfSlice(slice)}` === key) slices.controller.enqueue(keyOf(slice));
    }
  });
}

/** Whether an address may be an endpoint depends on the pods that have it: they come, get their addresses and go. */
export function tieEndpointAddresses(caches: Caches, endpoints: Controller, slices: Controller): void {
  const look = () => {
    for (const one of caches.virtual.endpoints.list()) endpoints.enqueue(keyOf(one));
    for (const one of caches.virtual.endpointSlices.list()) slices.enqueue(keyOf(one));
  };
  caches.host.pods.subscribe((change) => {
    const now = change.kind === 'deleted' ? [] : podAddresses(change.object);
    const before = change.kind === 'added' ? [] : podAddresses(change.previous);
    if (!isDeepStrictEqual(now, before)) look();
  });
}

/** Pods carry whether the tenant's own policies decide about them. */
export function tieTenantPolicies(caches: Caches, policies: Cache<KubeObject>, pods: Controller): void {
  policies.subscribe((change) => {
    const { namespace } = (change.kind === 'deleted' ? change.previous : change.object).metadata;
    for (const pod of caches.virtual.pods.list()) if (pod.metadata.namespace === namespace) pods.enqueue(keyOf(pod));
  });
}

/** What carries the labels of its namespace follows when these change. */
export function tieNamespaceLabels(
  caches: Caches,
  pods: PodController,
  kinds: readonly WiredKind[],
  alsoOn: number,
): void {
  caches.virtual.namespaces.subscribe((change) => {
    if (change.kind !== 'modified') return;
    const { name = '', labels } = change.object.metadata;
    if (isDeepStrictEqual(labels, change.previous.metadata.labels)) return;
    const isIn = (key: ObjectKey) => key.startsWith(`${name}/`);
    for (const pod of caches.virtual.pods.list()) {
      if (pod.metadata.namespace === name) pods.controller.enqueue(keyOf(pod));
    }
    if (alsoOn === 0) return;
    for (const { controller, keys } of kinds) for (const key of keys()) if (isIn(key)) controller.enqueue(key);
  });
}

/** A node follows the pods on it; its own object may have been changed or deleted by the tenant. */
export function tieNodes(caches: Caches, context: ClusterContext, nodes: Controller): void {
  caches.host.services.subscribe((change) => {
    const node = nodeOfService(change.kind === 'deleted' ? change.previous : change.object, context);
    if (node !== undefined) nodes.enqueue(node);
  });
  for (const pods of [caches.virtual.pods, caches.host.pods]) {
    pods.subscribe((change) => {
      const object = change.kind === 'deleted' ? change.previous : change.object;
      const node = object.spec.nodeName;
      if (node && (change.kind !== 'modified' || readyOf(change.previous) !== readyOf(object))) nodes.enqueue(node);
    });
  }
  caches.virtual.nodes.subscribe((change) =>
    nodes.enqueue(keyOf(change.kind === 'deleted' ? change.previous : change.object)),
  );
}

function readyOf(pod: {
  readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
}): string {
  const conditions = pod.status?.conditions ?? [];
  return conditions.map(({ type, status }) => `${type}=${status}`).join();
}
