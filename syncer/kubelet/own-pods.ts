import type { PodLookup } from './types';

/** A pod of this virtual cluster, as measurements of the host's kubelet are given back to its tenant. */
export interface OwnPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Names of the containers that the tenant knows. */
  readonly containers: readonly string[];
}

/** The tenant's pods on a node by what the host's kubelet calls them: `<namespace>/<name>` on the host. */
export type OwnPods = ReadonlyMap<string, OwnPod>;

/** The pods on a node that are proven to be this virtual cluster's. */
export function ownPodsOn(node: string, pods: PodLookup): OwnPods {
  const own = new Map<string, OwnPod>();
  for (const { metadata } of pods.list(node)) {
    const { namespace = '', name = '', uid = '' } = metadata;
    const hosted = pods.find(namespace, name, uid);
    if (hosted === undefined) continue;
    const { hostNamespace, hostName, containers } = hosted;
    own.set(`${hostNamespace}/${hostName}`, { namespace, name, uid, containers });
  }
  return own;
}
