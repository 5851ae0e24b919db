import type { Manifest, VirtualClusterSpec } from '../../../lib';

/**
 * Fields of a declaration whose change reaches something that Kubernetes never changes in an object that exists. All
 * others can be changed at any time.
 */
export const FIXED_ONCE_MADE = [
  ['store', 'kind'],
  ['store', 'persistence', 'kind'],
  ['store', 'persistence', 'size'],
  ['store', 'persistence', 'storageClass'],
  ['controlPlane', 'service', 'loadBalancerClass'],
  ['endpoint', 'loadBalancerClass'],
] as const;

/** What of a StatefulSet can be changed, by the validation of Kubernetes 1.33 to 1.37. */
const MUTABLE_IN_STATEFUL_SET: ReadonlySet<string> = new Set([
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]);

/** Immutable fields in which an object of one version differs from the same object of the next. */
export function immutableChanges(before: Manifest, after: Manifest): readonly string[] {
  const [old, now] = [immutableFields(before), immutableFields(after)];
  // A class can be given when a Service becomes one of a load balancer, and taken when it ceases to be.
  const balanced = [before, after].every(({ spec }) => fieldOf(spec, 'type') === 'LoadBalancer');
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (field) => (field !== 'loadBalancerClass' || balanced) && JSON.stringify(old[field]) !== JSON.stringify(now[field]),
  );
}

/** Whether the first version of a declaration and the next say the same of what is {@link FIXED_ONCE_MADE}. */
export function keepsFixed(before: VirtualClusterSpec, after: VirtualClusterSpec): boolean {
  return FIXED_ONCE_MADE.every((path) => {
    const [old, now] = [before, after].map((declaration) => path.reduce<unknown>(fieldOf, declaration));
    return old === now;
  });
}

function immutableFields(object: Manifest): { readonly [field: string]: unknown } {
  const spec: { readonly [field: string]: unknown } = { ...(object.spec as object | undefined) };
  switch (object.kind) {
    case 'StatefulSet':
      return Object.fromEntries(Object.entries(spec).filter(([field]) => !MUTABLE_IN_STATEFUL_SET.has(field)));
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return { roleRef: object.roleRef };
    case 'Service':
      return { clusterIP: spec.clusterIP, loadBalancerClass: spec.loadBalancerClass };
    default:
      return { immutable: object.immutable };
  }
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}
