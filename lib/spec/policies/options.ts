import type { SectionName } from '../../contract';
import type { BackupOptions } from '../backup';
import type { CustomResourcesOptions } from '../custom-resources';
import type { EndpointOptions } from '../endpoint';
import type { IsolationOptions } from '../isolation';
import type { NamespacesOptions } from '../namespaces';
import type { NodesOptions } from '../nodes';
import type { Patch } from '../patches';
import type { ServiceMappingsOptions } from '../service-mappings';
import type { SyncOptions } from '../sync';

/** What {@link VirtualClusterOptions} and policies can both declare: the option's name, and its section of the configuration. */
export const POLICY_OPTIONS = {
  sync: 'sync',
  nodes: 'nodes',
  serviceMappings: 'services',
  namespaces: 'namespaces',
  customResources: 'custom-resources',
  endpoint: 'endpoint',
  isolation: 'isolation',
  backup: 'backup',
} as const satisfies { readonly [option: string]: SectionName };

/** An option that a policy can declare in place of the virtual cluster. */
export type PolicyOption = keyof typeof POLICY_OPTIONS;

/** A section of the configuration that a policy can own. */
export type PolicySection = (typeof POLICY_OPTIONS)[PolicyOption];

/** Without the virtual cluster's own scheduler, which is a container of the control plane. */
type ByTheHost<Nodes> = Nodes extends { readonly scheduling?: infer Scheduling }
  ? Omit<Nodes, 'scheduling'> & { readonly scheduling?: Exclude<Scheduling, { readonly by: 'own' }> }
  : never;

/**
 * What a node policy declares: any nodes, with pods that the host's scheduler places. The virtual cluster's own scheduler
 * is part of its control plane, so that only the virtual cluster itself can declare it.
 */
export type NodePolicyOptions<Text = string, Switch = boolean> = ByTheHost<NodesOptions<Text, Switch>>;

/** What a policy for custom resources declares. */
export interface CustomResourcePolicyOptions<Text = string> extends CustomResourcesOptions<Text> {
  /** Changes to objects on their way, at most one for each kind. @default - none */
  readonly patches?: readonly Patch[];
}

/** What each kind of policy declares. */
export interface PolicyDeclarations<Text = string, Count = number, Switch = boolean> {
  /** What crosses. */
  readonly sync: SyncOptions<Text, Count, Switch>;
  /** Which nodes there are. */
  readonly nodes: NodePolicyOptions<Text, Switch>;
  /** Services that are known under given names on the other side. */
  readonly serviceMappings: ServiceMappingsOptions<Text>;
  /** Host namespaces for virtual ones. */
  readonly namespaces: NamespacesOptions;
  /** Custom resources that cross. */
  readonly customResources: CustomResourcePolicyOptions<Text>;
  /** How the virtual cluster is reached from outside. */
  readonly endpoint: EndpointOptions<Text, Count>;
  /** What tenants are kept from on the host. */
  readonly isolation: IsolationOptions;
  /** How often the store is saved, and where to. */
  readonly backup: BackupOptions<Text>;
}
