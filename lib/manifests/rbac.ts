import type { ServiceAccount } from 'kubernetes-types/core/v1';
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding } from 'kubernetes-types/rbac/v1';
import { clusterNames, controlPlaneLabels } from '../contract';
import type { ResolvedSpec } from '../spec';
import { metadata } from './metadata';
import { type Right, type Rights, syncerRights } from './rights';
import type { Slot } from './slot';

const GROUP = 'rbac.authorization.k8s.io';

/** Who the syncer and the tenant's pods are on the host, and what the syncer may do there. */
export function rbacSlots(spec: ResolvedSpec): readonly Slot[] {
  const { serviceAccount } = clusterNames(spec.name);
  return [
    { slot: 'rbac/service-account', object: serviceAccountObject(spec, serviceAccount) },
    { slot: 'rbac/workload-service-account', object: workloadServiceAccount(spec) },
    ...grantSlots(spec, syncerRights(spec)),
  ];
}

/**
 * Roles with these rights, bound to the syncer. Kinds of roles without any right are left out.
 * @param purpose what they are for, part of their names. @default - what the virtual cluster itself declares
 */
export function grantSlots(spec: ResolvedSpec, rights: Required<Rights>, purpose?: string): readonly Slot[] {
  const { namespaced, clusterWide, inNamespaces } = rights;
  return [
    ...(namespaced.length === 0
      ? []
      : [
          { slot: 'rbac/role', object: role(spec, spec.namespace, namespaced, purpose) },
          { slot: 'rbac/role-binding', object: roleBinding(spec, spec.namespace, purpose) },
        ]),
    ...(clusterWide.length === 0 ? [] : clusterRoleSlots(spec, clusterWide, purpose)),
    ...Object.entries(inNamespaces).flatMap(([namespace, granted]): readonly Slot[] =>
      granted.length === 0
        ? []
        : [
            { slot: `rbac/role-in-${namespace}`, object: role(spec, namespace, granted, purpose) },
            { slot: `rbac/role-binding-in-${namespace}`, object: roleBinding(spec, namespace, purpose) },
          ],
    ),
  ];
}

/** In a foreign namespace two clusters of one name may meet, so that the name tells where the cluster lives. */
function roleName(spec: ResolvedSpec, namespace: string, purpose: string | undefined): string {
  const { serviceAccount } = clusterNames(spec.name);
  return namespace === spec.namespace ? withPurpose(serviceAccount, purpose) : clusterWideName(spec, purpose);
}

/** The name of cluster-scoped objects, as vCluster forms it: `vc-<cluster>-v-<namespace>`. */
function clusterWideName(spec: ResolvedSpec, purpose: string | undefined): string {
  return withPurpose(`${clusterNames(spec.name).serviceAccount}-v-${spec.namespace}`, purpose);
}

/** A colon cannot stand in the name of a virtual cluster, so that no two clusters' names meet. */
function withPurpose(name: string, purpose: string | undefined): string {
  return purpose === undefined ? name : `${name}:${purpose}`;
}

function role(spec: ResolvedSpec, namespace: string, rights: readonly Right[], purpose: string | undefined) {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'Role',
    metadata: { ...metadata(spec, roleName(spec, namespace, purpose)), namespace },
    rules: rights.map(rule),
  } satisfies Role;
}

function roleBinding(spec: ResolvedSpec, namespace: string, purpose: string | undefined) {
  const name = roleName(spec, namespace, purpose);
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'RoleBinding',
    metadata: { ...metadata(spec, name), namespace },
    roleRef: { apiGroup: GROUP, kind: 'Role', name },
    subjects: [syncerSubject(spec)],
  } satisfies RoleBinding;
}

function clusterRoleSlots(spec: ResolvedSpec, rights: readonly Right[], purpose: string | undefined): readonly Slot[] {
  const name = clusterWideName(spec, purpose);
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
