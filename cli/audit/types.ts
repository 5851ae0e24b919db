import type { Pod, Service } from 'kubernetes-types/core/v1';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1';
import type { PolicyRule, RoleRef, Subject } from 'kubernetes-types/rbac/v1';
import type { IsolationSection } from '../../lib/contract';
import type { ControlPlane } from '../cluster/find';
import type { KubeObject } from '../kube/types';

/** A Role or ClusterRole. */
export type AuditedRole = KubeObject & { readonly rules?: readonly PolicyRule[] };
/** A RoleBinding or ClusterRoleBinding. */
export type AuditedBinding = KubeObject & { readonly subjects?: readonly Subject[]; readonly roleRef: RoleRef };

/** What an audit looks at. A list that may not be read is `undefined`, and what needs it is not checked. */
export interface AuditFacts {
  readonly name: string;
  readonly namespace: string;
  readonly controlPlane: ControlPlane;
  readonly hostNamespace: KubeObject | undefined;
  /** The section `isolation`, `undefined` if it does not exist. */
  readonly isolation: IsolationSection | undefined;
  /** Host pods of tenants. */
  readonly pods: readonly (KubeObject & Pick<Pod, 'spec'>)[];
  /** Host Services of tenants. */
  readonly services: readonly (KubeObject & Pick<Service, 'spec'>)[];
  readonly networkPolicies: readonly (KubeObject & Pick<NetworkPolicy, 'spec'>)[] | undefined;
  readonly roles: readonly AuditedRole[] | undefined;
  readonly bindings: readonly AuditedBinding[] | undefined;
  readonly clusterRoles: readonly AuditedRole[] | undefined;
  readonly clusterBindings: readonly AuditedBinding[] | undefined;
}

/** How one check ended. */
export type AuditResult =
  | { readonly outcome: 'pass' }
  /** `problems` say what is wrong, an object a line. */
  | { readonly outcome: 'warn' | 'fail'; readonly problems: readonly string[]; readonly hint: string }
  | { readonly outcome: 'skipped'; readonly why: string };

/** One check of a live cluster against the boundaries that SECURITY.md names. */
export interface AuditCheck {
  /** Stable, for programs: `pod-security`. */
  readonly id: string;
  /** What holds if it passes. */
  readonly promise: string;
  readonly check: (facts: AuditFacts) => AuditResult;
}

/** One line of an audit. */
export interface AuditEntry {
  readonly check: string;
  readonly promise: string;
  readonly outcome: AuditResult['outcome'];
  readonly problems: readonly string[];
  /** What to do about it, or why it was not checked. */
  readonly note: string;
}
