import type { PodSpec } from 'kubernetes-types/core/v1';

/** A level of the Pod Security Standards that forbids something. */
export type PodSecurityLevel = 'baseline' | 'restricted';

/** Which Kubernetes 1.x's form of the standards holds: its minor, or the newest form that is known here. */
export type PodSecurityVersion = 'latest' | { readonly minor: number };

/** The check of upstream's name. */
export type PodSecurityCheckId =
  | 'appArmorProfile'
  | 'capabilities_baseline'
  | 'hostNamespaces'
  | 'hostPathVolumes'
  | 'hostPorts'
  | 'hostProbesAndHostLifecycle'
  | 'privileged'
  | 'procMount'
  | 'seLinuxOptions'
  | 'seccompProfile_baseline'
  | 'sysctls'
  | 'windowsHostProcess'
  | 'allowPrivilegeEscalation'
  | 'capabilities_restricted'
  | 'procMount_restricted'
  | 'restrictedVolumes'
  | 'runAsNonRoot'
  | 'runAsUser'
  | 'seccompProfile_restricted';

/** What the standards look at in a pod. Any pod of the API fits. */
export interface SecuredPod {
  readonly metadata: { readonly annotations?: { readonly [key: string]: string } };
  readonly spec: Readonly<
    Pick<
      PodSpec,
      | 'containers'
      | 'initContainers'
      | 'ephemeralContainers'
      | 'volumes'
      | 'securityContext'
      | 'hostNetwork'
      | 'hostPID'
      | 'hostIPC'
      | 'hostUsers'
      | 'os'
    >
  >;
}

/** One field that a check forbids. */
export interface Finding {
  /** Path in the pod: `spec.containers[0].securityContext.privileged`. */
  readonly field: string;
  /** What is wrong, after the field: `true is not allowed`. */
  readonly problem: string;
  /** What an allow-list would have to name to let it pass; absent where none can. */
  readonly exemptible?: Exemptible;
}

/** What an allow-list can let pass. */
export type Exemptible =
  | { readonly kind: 'hostPath'; readonly path: string; readonly mountedReadOnly: boolean }
  | { readonly kind: 'hostPort'; readonly port: number }
  | { readonly kind: 'capability'; readonly name: string }
  | { readonly kind: 'sysctl'; readonly name: string };

/** Every field of a pod that one form of a check forbids. */
export type Finder = (pod: SecuredPod) => readonly Finding[];

/** One check of the standards, with the versions from which each of its forms holds. */
export interface PodSecurityCheck {
  readonly id: PodSecurityCheckId;
  /** The lowest level that has it. `restricted` has those of `baseline` too, but for the ones it {@link replaces}. */
  readonly level: PodSecurityLevel;
  /** A check of `baseline` that this one stands for at `restricted`, in every version in which it holds. */
  readonly replaces?: PodSecurityCheckId;
  /** By rising minor: a form holds from its minor on until the next one. Before the first there is no such check. */
  readonly forms: readonly { readonly from: number; readonly find: Finder }[];
}

/** One forbidden field of a pod. */
export interface PodSecurityViolation {
  readonly check: PodSecurityCheckId;
  /** The level that was asked for. */
  readonly level: PodSecurityLevel;
  /** Path in the pod: `spec.containers[0].securityContext.privileged`. */
  readonly field: string;
  /** A sentence for the tenant: `Pod Security "baseline": spec.hostNetwork: true is not allowed`. */
  readonly message: string;
}
