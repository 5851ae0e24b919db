import type { FoundCluster } from './find';

/** Where a virtual cluster stands. */
export type ClusterState = 'Ready' | 'Starting' | 'ScaledDown' | 'Deleting';

/** One virtual cluster as `list` and `status` show it. */
export interface ClusterSummary {
  readonly name: string;
  readonly namespace: string;
  readonly state: ClusterState;
  /** Kubernetes version of its API server, or `unknown`. */
  readonly version: string;
  readonly replicas: { readonly ready: number; readonly wanted: number };
  readonly created: string | undefined;
}

/** What a control plane's StatefulSet says about its virtual cluster. */
export function summarize({ name, namespace, controlPlane }: FoundCluster): ClusterSummary {
  const wanted = controlPlane.spec?.replicas ?? 1;
  const ready = controlPlane.status?.readyReplicas ?? 0;
  const containers = controlPlane.spec?.template?.spec?.containers ?? [];
  const image = containers.find((container) => container.name === 'kube-apiserver')?.image;
  return {
    name,
    namespace,
    state: stateOf(controlPlane.metadata?.deletionTimestamp !== undefined, ready, wanted),
    version: image === undefined ? 'unknown' : tagOf(image),
    replicas: { ready, wanted },
    created: controlPlane.metadata?.creationTimestamp,
  };
}

function stateOf(deleting: boolean, ready: number, wanted: number): ClusterState {
  if (deleting) return 'Deleting';
  if (wanted === 0) return 'ScaledDown';
  return ready >= wanted ? 'Ready' : 'Starting';
}

function tagOf(image: string): string {
  const withoutDigest = image.split('@')[0] ?? image;
  const colon = withoutDigest.lastIndexOf(':');
  return colon > withoutDigest.lastIndexOf('/') ? withoutDigest.slice(colon + 1) : 'unknown';
}
