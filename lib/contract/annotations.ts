/** Annotation keys that Sublet sets on host objects. Those under `vcluster.loft.sh` are vCluster's. */
export const ANNOTATIONS = {
  /** The virtual object's name, namespace and UID: with the labels and the owner they decide whose the host object is. */
  objectName: 'vcluster.loft.sh/object-name',
  objectNamespace: 'vcluster.loft.sh/object-namespace',
  objectUid: 'vcluster.loft.sh/object-uid',
  /** The virtual object's kind as in Go's `GroupVersionKind.String()`: `/v1, Kind=Pod`. Not on Services, as the article shows. */
  objectKind: 'vcluster.loft.sh/object-kind',
  /** On pods: what the downward API shows instead of the host's values. */
  serviceAccountName: 'vcluster.loft.sh/service-account-name',
  labels: 'vcluster.loft.sh/labels',
  annotations: 'sublet.dev/annotations',
  /** On pods, followed by the first 10 hex digits of the key's SHA-256: one annotation that the downward API shows. */
  annotationPrefix: 'sublet.dev/annotation-',
  /** On pods: the virtual `metadata.generation` that the host pod was made from. */
  generation: 'sublet.dev/generation',
  /** On token Secrets: name of the virtual pod whose tokens it holds. */
  tokenOf: 'sublet.dev/token-of',
  /** On token Secrets: when the earliest of its tokens must be renewed, RFC 3339. */
  renewAt: 'sublet.dev/renew-at',
  /** On token Secrets: the first 10 hex digits of the SHA-256 of the trust bundles that it holds too. */
  filesHash: 'sublet.dev/files-hash',
  /** On token Secrets, JSON: when each certificate of the pod is due for renewal, in milliseconds since 1970, by its id. */
  certificates: 'sublet.dev/certificates',
  /** On Services made in admission, before their virtual object exists: when, RFC 3339. Removed once it does. */
  pendingSince: 'sublet.dev/pending-since',
  /** On host copies that the cache keeps without their data: the SHA-256 of what was written. */
  contentHash: 'sublet.dev/content-hash',
  /** On the syncer's Lease: UID of the virtual `kube-system`, and the highest resourceVersion seen of the virtual store. */
  clusterUid: 'sublet.dev/cluster-uid',
  highestResourceVersion: 'sublet.dev/highest-resource-version',
  /** On namespaces that `sublet create` made: the virtual cluster with which they go again. */
  createdFor: 'sublet.dev/created-for',
  /** On cluster-scoped host objects, which nothing namespaced can own: UID of the Service `<cluster>`. */
  ownerUid: 'sublet.dev/owner-uid',
  /** On host objects, one a line: keys of labels and annotations that the tenant gave and that reach the host as they are. */
  managedLabels: 'vcluster.loft.sh/managed-labels',
  managedAnnotations: 'vcluster.loft.sh/managed-annotations',
  /** On host objects, JSON: of each of these keys, the first 10 hex digits of the SHA-256 of the tenant's value. */
  managedValues: 'sublet.dev/managed-values',
  /** On host copies of custom resources, JSON: which members the tenant wrote. Others are the operator's on the host. */
  writtenFields: 'sublet.dev/written-fields',
  /** Set by a tenant on a ConfigMap or Secret: `true` copies it though nothing refers to it. vCluster's. */
  forceSync: 'vcluster.loft.sh/force-sync',
  /** On virtual objects, JSON: of each annotation that came from the host, the first 10 hex digits of its value's SHA-256. */
  hostAnnotations: 'sublet.dev/host-annotations',
  /** On virtual objects that are not on the host as they stand: why, as `<Reason>: <message>`. */
  syncProblem: 'sublet.dev/sync-problem',
  /** On virtual objects that show one of the host: the host object's UID. */
  importedUid: 'sublet.dev/imported-uid',
  /** On virtual nodes: which of their labels, annotations and taints come from the host's node (JSON). */
  shownOfNode: 'sublet.dev/shown-of-node',
  /** On claims: the node chosen by the tenant's scheduler, as it was last sent to the host's provisioner. */
  selectedNode: 'sublet.dev/selected-node',
  /** On Leases by which virtual clusters of one host claim host names: the name. */
  hostname: 'sublet.dev/hostname',
  /** Set by an operator on the syncer's Lease to accept a restored or replaced store: the UID of its `kube-system`. */
  acceptStore: 'sublet.dev/accept-store',
} as const;

/**
 * The value of {@link ANNOTATIONS.highestResourceVersion} that a restore sets, and that no store reaches: the syncer takes
 * the store for one that went back in time, and deletes nothing before an operator accepts it.
 */
export const RESTORED_MARK = '9223372036854775807';

/** The value of {@link ANNOTATIONS.objectKind}: Go's `GroupVersionKind.String()`. */
export function objectKindValue(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return `${group}/${version}, Kind=${kind}`;
}
