import { safeConcat, shortHash } from './names';

/** Keys that outsiders see follow vCluster's, so that its users' tooling keeps working. */
const PREFIX = 'vcluster.loft.sh';

/** Label keys that Sublet sets on host objects. */
export const LABELS = {
  /** On every synced host object: the virtual cluster's name. Watches on the host filter by it. */
  managedBy: `${PREFIX}/managed-by`,
  /** On every synced host object: the virtual namespace. */
  namespace: `${PREFIX}/namespace`,
  /** On control-plane objects: the value `vcluster`. */
  app: 'app',
  /** On control-plane objects: the virtual cluster's name. */
  release: 'release',
  /** On node Services: the virtual cluster's name. */
  belongsTo: `${PREFIX}/belongs-to`,
  /** On node Services: the node's name. */
  node: `${PREFIX}/node`,
  /** On virtual nodes that stand for a host node without showing it. */
  fakeNode: `${PREFIX}/fake-node`,
  /** On host namespaces that a virtual one has of its own: the virtual cluster and its host namespace. */
  clusterName: `${PREFIX}/vcluster-name`,
  clusterNamespace: `${PREFIX}/vcluster-namespace`,
  /** On synced host objects, where they may lie in several namespaces: `<hostNamespace>-x-<cluster>`. */
  scope: 'sublet.dev/scope',
  /** On what keeps pods in, in host namespaces that virtual ones have: what of them, `network`. */
  isolates: 'sublet.dev/isolates',
  /** On host pods: the value `tenant` where the tenant's own policies say what comes in, or where it goes. */
  ingressBy: 'sublet.dev/ingress-by',
  egressBy: 'sublet.dev/egress-by',
  /** On host Services under a given name, and their slices: `<hostNamespace>-x-<cluster>` of the one that they stand for. */
  mappedFrom: 'sublet.dev/mapped-from',
  /** On virtual objects that show one of the host: the value `true`. */
  imported: 'sublet.dev/imported',
  /** On configuration sections: the virtual cluster's name. */
  configOf: 'sublet.dev/config-of',
  /** On configuration sections: the section's name. */
  section: 'sublet.dev/section',
} as const;

/** The label of a namespace by which Kubernetes' own admission knows the Pod Security Standard that holds there. */
export const POD_SECURITY_LABEL = 'pod-security.kubernetes.io/enforce';

/** The value of the label `app` on control-plane objects. */
export const CONTROL_PLANE_APP = 'vcluster';

/** Labels of the control plane's pods, and the selector of its Services. Tenants' labels are hashed, so none can match it. */
export function controlPlaneLabels(cluster: string): { readonly [key: string]: string } {
  return { [LABELS.app]: CONTROL_PLANE_APP, [LABELS.release]: cluster };
}

/** The key under which a tenant's label reaches the host: `vcluster.loft.sh/label-<cluster>-x-<first 10 hex of sha256(key)>`. */
export function hostLabelKey(key: string, cluster: string): string {
  return `${PREFIX}/${safeConcat('label', cluster, 'x', shortHash(key))}`;
}

/** The key under which a label of the virtual namespace reaches the host's pods. */
export function hostNamespaceLabelKey(key: string, cluster: string): string {
  return `${PREFIX}/${safeConcat('ns-label', cluster, 'x', shortHash(key))}`;
}

/** Whether a key belongs to Sublet, so that a tenant's value for it never reaches the host and a host's never the tenant. */
export function isReservedKey(key: string): boolean {
  const prefix = key.slice(0, Math.max(0, key.indexOf('/')));
  return (
    prefix === PREFIX || prefix.endsWith(`.${PREFIX}`) || prefix === 'sublet.dev' || prefix.endsWith('.sublet.dev')
  );
}
