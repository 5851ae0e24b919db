/**
 * Groups of Kubernetes itself. What is in them is no custom resource, though it may look so: who may write roles,
 * webhooks, definitions, certificate requests or API services on the host is its master.
 */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set(
  [
    'admissionregistration',
    'apiextensions',
    'apiregistration',
    'authentication',
    'authorization',
    'certificates',
    'coordination',
    'custom.metrics',
    'discovery',
    'events',
    'external.metrics',
    'flowcontrol.apiserver',
    'imagepolicy',
    'internal.apiserver',
    'metrics',
    'networking',
    'node',
    'rbac.authorization',
    'resource',
    'scheduling',
    'storage',
    'storagemigration',
  ].map((group) => `${group}.k8s.io`),
);

/** Groups that have a switch of their own, which knows what their objects refer to. */
const SWITCHED_GROUPS: { readonly [group: string]: string } = {
  'gateway.networking.k8s.io': 'sync.toHost.gatewayApi and sync.fromHost.gatewayClasses',
  'snapshot.storage.k8s.io': 'sync.toHost.volumeSnapshots and sync.fromHost.volumeSnapshotClasses',
};

const PLURAL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const GROUP = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/;

/** Why a kind may not cross as a custom one. */
export type CustomKindProblem =
  | { readonly kind: 'notCustom' }
  /** It has `options` of its own. */
  | { readonly kind: 'switched'; readonly options: string };

/**
 * Why a kind may not cross as a custom one: it is one of Kubernetes' own, or has a switch that knows it better, or its
 * name would reach beyond the kind (`*`, `widgets/status`). Declarations are checked with this, and so is what the
 * syncer reads, whoever wrote it.
 */
export function customKindProblem(kind: {
  readonly group: string;
  readonly plural: string;
}): CustomKindProblem | undefined {
  const options = Object.hasOwn(SWITCHED_GROUPS, kind.group) ? SWITCHED_GROUPS[kind.group] : undefined;
  if (options !== undefined) return { kind: 'switched', options };
  const isCustom = PLURAL.test(kind.plural) && GROUP.test(kind.group) && !BUILT_IN_GROUPS.has(kind.group);
  return isCustom ? undefined : { kind: 'notCustom' };
}
