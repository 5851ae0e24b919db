import { createHash } from 'node:crypto';

declare const brand: unique symbol;

/** A string that only its own constructor function makes, so that two kinds of names are never mixed up. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The name of an object in the host cluster, made by {@link hostName} or read from the host's API. */
export type HostName = Branded<'HostName'>;

/** The longest name a DNS label may have, and so the longest that a translated name gets. */
export const MAX_NAME_LENGTH = 63;

/** The first `digits` hex digits of the SHA-256 of a text. */
export function shortHash(text: string, digits = 10): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/**
 * Joins name parts by `-`. A result over 63 characters keeps its first 52, followed by `-` and the first 10 hex digits
 * of the SHA-256 of the whole. Then each `.-` becomes `-`, as a label must not end in a dot before a dash.
 *
 * The rule is vCluster's (`translate.SafeConcatName`), so that its users find their objects under the names they know.
 */
export function safeConcat(...parts: readonly string[]): string {
  const joined = parts.join('-');
  const fitted =
    joined.length > MAX_NAME_LENGTH ? `${joined.slice(0, MAX_NAME_LENGTH - 11)}-${shortHash(joined)}` : joined;
  return fitted.replaceAll('.-', '-');
}

/** The host name of a namespaced virtual object: `<name>-x-<namespace>-x-<cluster>`, shortened by {@link safeConcat}. */
export function hostName(name: string, namespace: string, cluster: string): HostName {
  return safeConcat(name, 'x', namespace, 'x', cluster) as HostName;
}

/**
 * The host name of a kind whose names are part of longer ones: `v` and the first 13 base-36 digits of the SHA-256 of
 * `<name>-x-<namespace>-x-<cluster>`, as vCluster names resource claims.
 */
export function shortHostName(name: string, namespace: string, cluster: string): HostName {
  const digest = createHash('sha256').update(`${name}-x-${namespace}-x-${cluster}`).digest('hex');
  return `v${BigInt(`0x${digest}`).toString(36).slice(0, 13)}` as HostName;
}

/** The host name of a cluster-scoped virtual object: `vcluster-<name>-x-<hostNamespace>-x-<cluster>`. */
export function clusterScopedHostName(name: string, hostNamespace: string, cluster: string): HostName {
  return safeConcat('vcluster', name, 'x', hostNamespace, 'x', cluster) as HostName;
}

/** The names of everything that one virtual cluster owns on the host. */
export interface ClusterNames {
  /** StatefulSet, and the Service under which tenants reach the API (443) and the kubelet API (10250). */
  readonly controlPlane: HostName;
  /** Service that the StatefulSet names, for the addresses of its pods. */
  readonly headlessService: HostName;
  /** What leads to the API server from outside the host cluster. */
  readonly endpoint: HostName;
  /** Host identity of the syncer: ServiceAccount, Role and RoleBinding. */
  readonly serviceAccount: HostName;
  /** The ServiceAccount, without rights and without a token, under which the tenant's pods run. */
  readonly workloadServiceAccount: HostName;
  /** Secret with the tenant's admin kubeconfig. */
  readonly kubeconfigSecret: HostName;
  /** Secret with the cluster's certificates and keys. */
  readonly certsSecret: HostName;
  /** Lease of the elected syncer; its annotations remember what the syncer must know about the virtual store. */
  readonly lease: HostName;
}

/** The names of what a virtual cluster called `cluster` owns on the host. */
export function clusterNames(cluster: string): ClusterNames {
  return {
    controlPlane: cluster as HostName,
    headlessService: `${cluster}-headless` as HostName,
    endpoint: `${cluster}-endpoint` as HostName,
    serviceAccount: `vc-${cluster}` as HostName,
    workloadServiceAccount: `vc-workload-${cluster}` as HostName,
    kubeconfigSecret: `vc-${cluster}` as HostName,
    certsSecret: `${cluster}-certs` as HostName,
    lease: `vcluster-${cluster}-controller` as HostName,
  };
}

/** The name of the ConfigMap that holds one section of the syncer's configuration. */
export function sectionConfigMapName(cluster: string, section: string): HostName {
  return safeConcat(cluster, 'config', section) as HostName;
}

/** The name of the ConfigMap in which the syncer notes what became of its backups. */
export function backupStatusName(cluster: string): HostName {
  return safeConcat(cluster, 'backup', 'status') as HostName;
}

/** The host Service that stands for a virtual node: `<cluster>-node-<node>`, dots as dashes. Its ClusterIP is the node's address. */
export function nodeServiceName(cluster: string, node: string): HostName {
  return safeConcat(cluster, 'node', node.replaceAll('.', '-')) as HostName;
}

/** The Secret that carries the service-account tokens of one virtual pod. */
export function tokenSecretName(pod: string, namespace: string, cluster: string): HostName {
  return hostName(`${pod}-sa-token`, namespace, cluster);
}

/** The host namespace of a virtual cluster that names none: `vcluster-<cluster>`. */
export function defaultHostNamespace(cluster: string): string {
  return `vcluster-${cluster}`;
}

/** The kubeconfig context of a virtual cluster: `vcluster_<cluster>_<namespace>_<hostContext>`. */
export function contextName(cluster: string, namespace: string, hostContext: string): string {
  return `vcluster_${cluster}_${namespace}_${hostContext}`;
}

/** The virtual ConfigMap in which tenants see what their cluster may hold on the host, and what it does. */
export const QUOTA_CONFIG_MAP = { namespace: 'kube-public', name: 'sublet-quota' } as const;
