import * as z from 'zod';
import { type Configuration, defaultHostNamespace } from '../contract';
import { type BackupOptions, backupSchema } from './backup';
import {
  controlPlaneSchema,
  type ReplicatedControlPlaneOptions,
  type ResolvedControlPlane,
  type SingleControlPlaneOptions,
} from './control-plane';
import { type CustomResourcesOptions, customResourcesSchema } from './custom-resources';
import { type DnsOptions, dnsSchema, type ResolvedDns } from './dns';
import { type EndpointOptions, endpointSchema, oneServer } from './endpoint';
import type { ExternalStore } from './external-store';
import { text } from './fields';
import { type AdmittedLevel, admittedLevelSchema } from './host-pod-security';
import { type ImagesOptions, imagesSchema, type ResolvedImages } from './images';
import { type IsolationOptions, isolationSchema } from './isolation';
import { checkKnownAddresses } from './isolation/known-addresses';
import { checkKnownSizes } from './isolation/known-sizes';
import { type KubeconfigOptions, kubeconfigSchema, type ResolvedKubeconfig } from './kubeconfig';
import { type KubernetesOptions, kubernetesSchema, type ResolvedKubernetes } from './kubernetes';
import { nameSchema } from './name';
import { checkHome, type NamespacesOptions, namespacesSchema } from './namespaces';
import { type NetworkingOptions, networkingSchema, type ResolvedNetworking } from './networking';
import type { ResolvedScheduler } from './node-scheduling';
import { type NodesOptions, nodesSchema } from './nodes';
import { checkPatchedKinds, type Patch, patchesSchema } from './patches';
import type { PolicyOption, PolicySection } from './policies/options';
import { notBoth, requiresSchema } from './policies/requires';
import { oneReplica } from './replicas';
import { RULES } from './rules';
import { type ServiceMappingsOptions, serviceMappingsSchema } from './service-mappings';
import { type ResolvedStore, type Store, storeSchema } from './store';
import { type SyncOptions, syncSchema } from './sync';

/**
 * Everything that can be declared about a virtual cluster but its name, where its objects are kept and the pods that
 * serve it. `Text` is what a text field takes: a string, or an adapter's promise of one; `Count` and `Switch` are the
 * same for a number, and for true or false. Fields that decide which objects or rights exist are always plain.
 */
export interface GeneralOptions<Text = string, Count = number, Switch = boolean> {
  /**
   * Host namespace in which the virtual cluster and its workloads live.
   * @default 'vcluster-<name>'
   */
  readonly namespace?: Text;
  /**
   * Whether the namespace is part of the manifests. With `false` it must exist.
   * @default true
   */
  readonly createNamespace?: boolean;
  /** Version and distribution. */
  readonly kubernetes?: KubernetesOptions;
  /** Addresses and names. */
  readonly networking?: NetworkingOptions<Text>;
  /**
   * DNS inside the virtual cluster.
   * @default - CoreDNS in one pod
   */
  readonly dns?: DnsOptions<Text, Count>;
  /** Where images come from. */
  readonly images?: ImagesOptions<Text>;
  /** The kubeconfig that is handed out. */
  readonly kubeconfig?: KubeconfigOptions<Text>;
  /**
   * How the virtual cluster is reached from outside the host cluster.
   * @default - it is not: the kubeconfig leads to a name of the host cluster
   */
  readonly endpoint?: EndpointOptions<Text, Count>;
  /** What crosses between the virtual cluster and the host. */
  readonly sync?: SyncOptions<Text, Count, Switch>;
  /**
   * Which nodes the virtual cluster has, and who places its pods.
   * @default - nodes without the host's facts, and the host's scheduler
   */
  readonly nodes?: NodesOptions<Text, Switch>;
  /** Services that are known under given names on the other side. */
  readonly serviceMappings?: ServiceMappingsOptions<Text>;
  /** In which host namespaces the objects of a virtual namespace lie. @default { mode: 'single' } */
  readonly namespaces?: NamespacesOptions;
  /**
   * What tenants are kept from on the host.
   * @default { level: 'baseline' }
   */
  readonly isolation?: IsolationOptions;
  /**
   * The level of the Pod Security Standards for Kubernetes' own admission: the label of the host namespace, if that is
   * part of the manifests, and what the virtual API server demands in namespaces that say nothing else. The syncer
   * enforces what `isolation` says in any case.
   * @default - the level of `isolation`; `privileged` where that allows more than the level; `baseline` where a policy declares it
   */
  readonly admission?: AdmittedLevel;
  /**
   * How often the store is saved, and where to.
   * @default - it is not
   */
  readonly backup?: BackupOptions<Text>;
  /** Custom resources that cross. */
  readonly customResources?: CustomResourcesOptions<Text>;
  /** Changes to objects on their way, at most one for each kind. @default - none */
  readonly patches?: readonly Patch[];
  /**
   * Options that a policy declares in place of this declaration, here or in another stack or repository. Until the policy
   * is there nothing of the tenant's reaches the host.
   * @default - none: what this declaration leaves out has its default
   */
  readonly requires?: readonly PolicyOption[];
}

/** One pod serves the virtual cluster, with any store. */
export interface SingleReplica<Text = string, Count = number> {
  /**
   * Where the virtual cluster keeps its objects.
   * @default - SQLite on a volume of 5Gi
   */
  readonly store?: Store<Text>;
  /** The pod that serves the virtual cluster. */
  readonly controlPlane?: SingleControlPlaneOptions<Text, Count>;
}

/** Several pods serve the virtual cluster, and share a store outside of them. */
export interface SharedStore<Text = string, Count = number> {
  /** Where the virtual cluster keeps its objects. */
  readonly store: ExternalStore<Text>;
  /** The pods that serve the virtual cluster. */
  readonly controlPlane?: ReplicatedControlPlaneOptions<Text, Count>;
}

/** Everything that can be declared about a virtual cluster but its name: {@link GeneralOptions}, its store and its pods. */
export type VirtualClusterOptions<Text = string, Count = number, Switch = boolean> = GeneralOptions<
  Text,
  Count,
  Switch
> &
  (SingleReplica<Text, Count> | SharedStore<Text, Count>);

/** What a virtual cluster is called. */
export interface Named {
  /**
   * Name: up to 52 lower-case letters, digits and dashes, beginning with a letter. The names of all its objects on the
   * host are made from it.
   */
  readonly name: string;
}

/** The declaration of a virtual cluster: {@link VirtualClusterOptions} and its name. */
export type VirtualClusterSpec<Text = string, Count = number, Switch = boolean> = Named &
  VirtualClusterOptions<Text, Count, Switch>;

/** {@link VirtualClusterSpec} as its schema sees it, which tells by a check what of it does not go together. */
export interface DeclaredSpec<Text = string, Count = number, Switch = boolean>
  extends Named,
    GeneralOptions<Text, Count, Switch> {
  readonly store?: Store<Text>;
  readonly controlPlane?: ReplicatedControlPlaneOptions<Text, Count>;
}

/** {@link VirtualClusterSpec}, checked, with nothing left open. Text fields may hold markers. */
export interface ResolvedSpec {
  readonly name: string;
  readonly namespace: string;
  readonly createNamespace: boolean;
  readonly kubernetes: ResolvedKubernetes;
  readonly store: ResolvedStore;
  readonly controlPlane: ResolvedControlPlane;
  /** The virtual cluster's own scheduler, if it has one. */
  readonly scheduler: ResolvedScheduler;
  readonly networking: ResolvedNetworking;
  readonly dns: ResolvedDns;
  readonly images: ResolvedImages;
  readonly kubeconfig: ResolvedKubeconfig;
  /** How it is reached from outside the host cluster, as declared. */
  readonly endpoint: EndpointOptions | undefined;
  /** The level for admission on both sides. */
  readonly admission: AdmittedLevel;
  /** Sections that policies declare. Here they say what the cluster has without them. */
  readonly requires: readonly PolicySection[];
  /** The sections of the syncer's configuration, but for the core one, which is made of all of the above. */
  readonly sections: ResolvedSections;
}

/** What the syncer is told besides the core section. */
export type ResolvedSections = Omit<Configuration, 'core'>;

/** The schema of {@link VirtualClusterSpec}. */
export const virtualClusterSchema = z
  .strictObject({
    name: nameSchema,
    namespace: text(RULES.label).optional(),
    createNamespace: z.boolean().optional(),
    kubernetes: kubernetesSchema.optional(),
    store: storeSchema.optional(),
    controlPlane: controlPlaneSchema.optional(),
    networking: networkingSchema.optional(),
    dns: dnsSchema.optional(),
    images: imagesSchema.optional(),
    kubeconfig: kubeconfigSchema.optional(),
    endpoint: endpointSchema.optional(),
    sync: syncSchema.optional(),
    nodes: nodesSchema.optional(),
    serviceMappings: serviceMappingsSchema.optional(),
    namespaces: namespacesSchema.optional(),
    isolation: isolationSchema.optional(),
    admission: admittedLevelSchema.optional(),
    backup: backupSchema.optional(),
    customResources: customResourcesSchema.optional(),
    patches: patchesSchema.optional(),
    requires: requiresSchema.optional(),
  })
  .superRefine(notBoth)
  .superRefine(oneServer)
  .superRefine(checkKnownSizes)
  .superRefine(checkKnownAddresses)
  .superRefine(oneReplica)
  .superRefine(({ name, namespace, namespaces, patches = [], customResources = {} }, context) => {
    checkPatchedKinds(patches, customResources, context);
    checkHome(namespace ?? defaultHostNamespace(name), namespaces, context);
  })
  .readonly();
