export type { BackupEncryption, BackupOptions, ObjectStoreDestination } from './backup';
export type {
  ComponentOptions,
  ControlPlaneOptions,
  LogLevel,
  ReplicatedControlPlaneOptions,
  ResolvedComponent,
  ResolvedControlPlane,
  SingleControlPlaneOptions,
  SyncerOptions,
} from './control-plane';
export type { DefinitionName } from './custom-fields';
export type { CustomReference, ReferableKind } from './custom-references';
export type {
  ClusterScopedImport,
  CustomAnnotations,
  CustomImport,
  CustomKind,
  CustomMapping,
  CustomPlace,
  CustomResourceFromHost,
  CustomResourcesOptions,
  CustomResourceToHost,
  NamespacedImport,
} from './custom-resources';
export type { CommonDnsOptions, CoreDnsOptions, DnsOptions, EmbeddedDnsOptions, ResolvedDns } from './dns';
export type {
  EndpointOptions,
  GatewayEndpoint,
  IngressEndpoint,
  LoadBalancerEndpoint,
  NodePortEndpoint,
  TraefikEndpoint,
} from './endpoint';
export { describeIssue, SpecError, type SpecIssue } from './errors';
export type {
  DatabaseOptions,
  DatabaseTls,
  EtcdStore,
  EtcdTls,
  ExternalStore,
  MysqlStore,
  PostgresStore,
  ResolvedDatabaseStore,
  ResolvedEtcdStore,
  StoreConnection,
} from './external-store';
export type { ExtraArgs, ResolvedExtraArgs } from './extra-args';
export type { AdmittedLevel } from './host-pod-security';
export type { ImagesOptions, PullPolicy, ResolvedImages } from './images';
export type { IsolationOptions, IsolationRules, NoIsolation } from './isolation';
export type { ClassIsolation, ClassOffer } from './isolation/classes';
export type { ContainerAmounts, ContainerLimitsOptions } from './isolation/container-limits';
export type { HostnameClaims, HostnameIsolation } from './isolation/hostnames';
export type { ImageIsolation } from './isolation/images';
export type {
  ControlPlaneNetwork,
  HostRanges,
  NetworkIsolation,
  NetworkOptions,
  NetworkPeerOptions,
  NetworkPort,
  NetworkRuleOptions,
  NoNetworkIsolation,
} from './isolation/network';
export type { AllowedHostPath, PodAllowances } from './isolation/pod-security';
export type { PortRange } from './isolation/port-range';
export type { QuotaCounts, QuotaLimits, QuotaOptions, QuotaRequests } from './isolation/quota';
export type { ServiceIsolation } from './isolation/services';
export type { KubeconfigOptions, ResolvedKubeconfig } from './kubeconfig';
export {
  DEFAULT_KUBERNETES_VERSION,
  KUBERNETES_VERSIONS,
  type KubernetesMinor,
  type KubernetesOptions,
  type KubernetesVersion,
  type ResolvedKubernetes,
} from './kubernetes';
export type { AddressesTarget, HostServiceTarget, MappedName, NameTarget } from './mapped-names';
export { MAX_CLUSTER_NAME_LENGTH } from './name';
export type {
  MappedNamespaces,
  NamespaceMapping,
  NamespacePerNamespace,
  NamespacesOptions,
  SingleNamespace,
} from './namespaces';
export type { NetworkingOptions, ResolvedNetworking } from './networking';
export type {
  HostScheduling,
  OwnScheduling,
  ResolvedScheduler,
  SelectedHostScheduling,
} from './node-scheduling';
export type {
  AllNodes,
  FakeNodes,
  HiddenOfNodes,
  NodeLabels,
  NodeMetricsOptions,
  NodesOptions,
  NodesToHost,
  RealNodeMetricsOptions,
  RealNodesInUse,
  RealNodesOptions,
  SelectedNodes,
  SelectedNodesInUse,
} from './nodes';
export type { AnyObject, Frozen, PatchableTypes, PatchContext } from './patch-types';
export { type Patch, type PatchableKind, type PatchOptions, patch, type Transform } from './patches';
export type { ClusterReference, DeclaredOptions } from './policies/cluster-reference';
export type {
  CustomResourcePolicyOptions,
  NodePolicyOptions,
  PolicyDeclarations,
  PolicyOption,
  PolicySection,
} from './policies/options';
export { type ResolvedPolicy, resolvePolicy } from './policies/policy';
export { parseSpec, resolveSpec } from './resolve';
export type { ResolvedResources, ResourceAmounts, Resources } from './resources';
export type {
  EqualToleration,
  ExistsToleration,
  ResolvedScheduling,
  SchedulingOptions,
  TaintEffect,
  Toleration,
} from './scheduling';
export type { ClusterIpService, ControlPlaneService, LoadBalancerService, NodePortService } from './service';
export type { ServiceMapping, ServiceMappingsOptions } from './service-mappings';
export {
  type EphemeralPersistence,
  Persistence,
  type PersistenceFactory,
  type ResolvedPersistence,
  type ResolvedSqliteStore,
  type ResolvedStore,
  type SqliteStore,
  Store,
  type StoreFactory,
  type VolumeClaimPersistence,
} from './store';
export type { FromHostOptions, SyncOptions, ToHostOptions } from './sync';
export type { ConfigMapping, CopiedConfig, ShownConfig } from './sync/config';
export type {
  AnnotationsByKind,
  AnnotationsOptions,
  LabelsOptions,
  NamespaceLabelsOptions,
} from './sync/metadata';
export type { GatewayApiOptions } from './sync/network';
export type { AllowedClasses, PodsToHostOptions, RewriteHosts } from './sync/pods';
export type { ImportedKind, LabelRequirement, ObjectSelector, SwitchedKind } from './sync/selector';
export type { PersistentVolumesToHost } from './sync/storage';
export type { PriorityClassesToHost } from './sync/workloads';
export { VERSION } from './version';
export type {
  GeneralOptions,
  Named,
  ResolvedSections,
  ResolvedSpec,
  SharedStore,
  SingleReplica,
  VirtualClusterOptions,
  VirtualClusterSpec,
} from './virtual-cluster';
