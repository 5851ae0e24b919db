import type { ServiceAccount } from 'kubernetes-types/core/v1';
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding } from 'kubernetes-types/rbac/v1';
import { clusterNames, controlPlaneLabels } from '../contract';
import type { ResolvedSpec } from '../spec';
import { metadata } from './metadata';
import { type Right, syncerRights } from './rights';
import type { Slot } from './slot';

const GROUP = 'rbac.authorization.k8s.io';

/** Who the syncer and the tenant's pods are on the host, and what the syncer may do there. */
export function rbacSlots(spec: ResolvedSpec): readonly Slot[] {
  const { serviceAccount } = clusterNames(spec.name);
  const { namespaced, clusterWide, inNamespaces } = syncerRights(spec);
  return [
    { slot: 'rbac/service-account', object: serviceAccountObject(spec, serviceAccount) },
    { slot: 'rbac/workload-service-account', object: workloadServiceAccount(spec) },
    { slot: 'rbac/role', object: role(spec, spec.namespace, namespaced) },
    { slot: 'rbac/role-binding', object: roleBinding(spec, spec.namespace) },
    ...(clusterWide.length === 0 ? [] : clusterRoleSlots(spec, clusterWide)),
    ...Object.entries(inNamespaces).flatMap(([namespace, rights]): readonly Slot[] => [
      { slot: `rbac/role-in-${namespace}`, object: role(spec, namespace, rights) },
      { slot: `rbac/role-binding-in-${namespace}`, object: roleBinding(spec, namespace) },
    ]),
  ];
}

/** In a foreign namespace two clusters of one name may meet, so that the name tells where the cluster lives. */
function roleName(spec: ResolvedSpec, namespace: string): string {
  const { serviceAccount } = clusterNames(spec.name);
  return namespace === spec.namespace ? serviceAccount : clusterWideName(spec);
}

/** The name of cluster-scoped objects, as vCluster forms it: `vc-<cluster>-v-<namespace>`. */
function clusterWideName(spec: ResolvedSpec): string {
  return `${clusterNames(spec.name).serviceAccount}-v-${spec.namespace}`;
}

function role(spec: ResolvedSpec, namespace: string, rights: readonly Right[]) {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'Role',
    metadata: { ...metadata(spec, roleName(spec, namespace)), namespace },
    rules: rights.map(rule),
  } satisfies Role;
}

function roleBinding(spec: ResolvedSpec, namespace: string) {
  const name = roleName(spec, namespace);
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'RoleBinding',
    metadata: { ...metadata(spec, name), namespace },
    roleRef: { apiGroup: GROUP, kind: 'Role', name },
    subjects: [syncerSubject(spec)],
  } satisfies RoleBinding;
}

function clusterRoleSlots(spec: ResolvedSpec, rights: readonly Right[]): readonly Slot[] {
  const name = clusterWideName(spec);
  const meta = { name, labels: { ...controlPlaneLabels(spec.name) } };
  const clusterRole = {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRole',
    metadata: meta,
    rules: rights.map(rule),
  } satisfies ClusterRole;
  const binding = {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: meta,
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name },
    subjects: [syncerSubject(spec)],
  } satisfies ClusterRoleBinding;
  return [
    { slot: 'rbac/cluster-role', object: clusterRole },
    { slot: 'rbac/cluster-role-binding', object: binding },
  ];
}

function syncerSubject(spec: ResolvedSpec) {
  return { kind: 'ServiceAccount', name: clusterNames(spec.name).serviceAccount, namespace: spec.namespace };
}

function rule({ group, resource, verbs, names }: Right): PolicyRule {
  return {
    apiGroups: [group],
    resources: [resource],
    verbs: [...verbs],
    ...(names === undefined ? {} : { resourceNames: [...names] }),
  };
}

function serviceAccountObject(spec: ResolvedSpec, name: string) {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadata(spec, name),
    // The syncer's containers mount a token of their own; the others get none.
    automountServiceAccountToken: false,
  } satisfies ServiceAccount;
}

function workloadServiceAccount(spec: ResolvedSpec) {
  const secrets = spec.images.workloadPullSecrets.map((name) => ({ name }));
  return {
    ...serviceAccountObject(spec, clusterNames(spec.name).workloadServiceAccount),
    ...(secrets.length === 0 ? {} : { imagePullSecrets: secrets }),
  } satisfies ServiceAccount;
}
