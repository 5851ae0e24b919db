import type {
  PodCondition as BasePodCondition,
  PodSpec as BasePodSpec,
  PodStatus as BasePodStatus,
  Container,
  ContainerStatus,
  ResourceRequirements,
} from 'kubernetes-types/core/v1';
import type { HostName } from '../../lib/contract';
import type { ClusterContext } from '../engine/types';
import type { KubeObject } from '../kube/types';
import type { HostClasses } from './host-classes';

export type { Container, ContainerStatus };

/** `spec` of a pod: what `kubernetes-types` knows, and the newer fields that translation looks at. */
export interface PodSpec extends Omit<BasePodSpec, 'resourceClaims'> {
  /** Since 1.31 in this form: devices that the pod's containers refer to by `name`. */
  resourceClaims?: PodResourceClaim[];
  /** Since 1.34: the pod's host name, whatever `hostname`, `subdomain` and `setHostnameAsFQDN` say. */
  hostnameOverride?: string;
  /** Since 1.34: resources of the pod as a whole. */
  resources?: ResourceRequirements;
}

/** A claim of devices that exists, or is made from a template for this pod. */
export interface PodResourceClaim {
  name: string;
  resourceClaimName?: string;
  resourceClaimTemplateName?: string;
}

/** One condition of a pod. */
export interface PodCondition extends BasePodCondition {
  /** Since 1.34: the `metadata.generation` that the condition was computed from. */
  observedGeneration?: number;
}

/** `status` of a pod, with the newer fields that go from the host to the tenant. */
export interface PodStatus extends Omit<BasePodStatus, 'conditions'> {
  conditions?: PodCondition[];
  /** Since 1.34: the `metadata.generation` that the kubelet has seen. */
  observedGeneration?: number;
  /** Since 1.35: resources granted to, and in force for, the pod as a whole. */
  allocatedResources?: { [resource: string]: string };
  resources?: ResourceRequirements;
}

/** A pod, on either side. */
export interface Pod extends KubeObject {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
}

/** A Service of the virtual cluster, as far as its environment variables need it. */
export interface ServiceForEnv {
  readonly name: string;
  readonly namespace: string;
  /** Address of the Service, undefined or `None` for those that have none. */
  readonly clusterIP: string | undefined;
  readonly ports: readonly ServicePortForEnv[];
}

/** One port of a {@link ServiceForEnv}. */
export interface ServicePortForEnv {
  readonly name?: string;
  readonly port: number;
  /** @default TCP */
  readonly protocol?: string;
}

/** All that the translation of a pod needs to know, as plain data. */
export interface PodContext extends ClusterContext {
  /** How pods reach the virtual API server: ClusterIP and port of the host Service `<cluster>`. */
  readonly kubernetesService: { readonly clusterIP: string; readonly port: number };
  /** ClusterIP of the virtual Service `kube-system/kube-dns`, undefined until it has one. */
  readonly dnsServiceIP: string | undefined;
  /** Services of the pod's virtual namespace. Others are ignored. */
  readonly services: readonly ServiceForEnv[];
  /** Labels of the pod's virtual namespace. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** The host Secret that holds the pod's service-account tokens. */
  readonly tokenSecret: HostName;
  /** Classes of the host that tenants are shown. */
  readonly hostClasses: HostClasses;
  /** Names of the virtual nodes, which are those of the host nodes that they stand for. */
  readonly knownNodes: ReadonlySet<string>;
}

/** Why a pod can't go to the host: the field, and a sentence that the tenant reads. */
export interface Refusal {
  readonly field: string;
  readonly message: string;
}
