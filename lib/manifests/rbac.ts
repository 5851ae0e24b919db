import type { ServiceAccount } from 'kubernetes-types/core/v1';
import type { Role, RoleBinding } from 'kubernetes-types/rbac/v1';
import { clusterNames } from '../contract';
import type { ResolvedSpec } from '../spec';
import { metadata } from './metadata';
import { SYNCER_RIGHTS } from './rights';
import type { Slot } from './slot';

/** Who the syncer and the tenant's pods are on the host, and what the syncer may do there. */
export function rbacSlots(spec: ResolvedSpec): readonly Slot[] {
  const { serviceAccount } = clusterNames(spec.name);
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: metadata(spec, serviceAccount),
    rules: SYNCER_RIGHTS.map(({ group, resource, verbs }) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: [...verbs],
    })),
  } satisfies Role;
  const roleBinding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: metadata(spec, serviceAccount),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: serviceAccount },
    subjects: [{ kind: 'ServiceAccount', name: serviceAccount, namespace: spec.namespace }],
  } satisfies RoleBinding;
  return [
    { slot: 'rbac/service-account', object: serviceAccountObject(spec, serviceAccount) },
    { slot: 'rbac/workload-service-account', object: workloadServiceAccount(spec) },
    { slot: 'rbac/role', object: role },
    { slot: 'rbac/role-binding', object: roleBinding },
  ];
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
