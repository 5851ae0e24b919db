import * as z from 'zod';
import { HIDEABLE_NODE_INFO, type HideableNodeInfo, type NodesSection } from '../contract';
import { laterSwitch, plainText, text, textsByKey } from './fields';
import {
  byHost,
  byHostOnSelected,
  byOwn,
  type HostScheduling,
  type OwnScheduling,
  resolveScheduling,
  type SelectedHostScheduling,
} from './node-scheduling';
import { RULES } from './rules';

/** Resource usage: `kubectl top`, HorizontalPodAutoscalers, and what a metrics-server asks of kubelets. */
export interface NodeMetricsOptions {
  /**
   * `host`: the virtual cluster serves `metrics.k8s.io` for its own pods and nodes when the host serves it (when the
   * host has a metrics-server). `none`: it does not; a metrics-server can be installed in the virtual cluster.
   * @default 'host'
   */
  readonly source?: 'host' | 'none';
}

/** {@link NodeMetricsOptions} where real nodes are shown. */
export interface RealNodeMetricsOptions extends NodeMetricsOptions {
  /**
   * Whether `/stats/summary`, `/metrics/resource` and `/metrics/cadvisor` of the virtual nodes' kubelets answer, with
   * the tenant's pods only. Takes the right `nodes/proxy` on the host: by it the syncer could reach every pod of every
   * node.
   * @default false
   */
  readonly kubelet?: boolean;
}

/** What of a host node its virtual node does not show. Keys: `example.com/pool`, `example.com/*`, or `*` for all. */
export interface HiddenOfNodes<Text = string, Switch = boolean> {
  /** Labels, by key. @default - none: pods select nodes by them */
  readonly labels?: readonly Text[];
  /** Annotations, by key. @default ['*'] */
  readonly annotations?: readonly Text[];
  /** Taints, by key. @default - none */
  readonly taints?: readonly Text[];
  /**
   * `all`: a node's only address is that of its Service. `internal`: its external addresses and names show too.
   * @default 'all'
   */
  readonly addresses?: 'all' | 'internal';
  /** Fields of the node's `status.nodeInfo`. @default ['bootID', 'machineID', 'systemUUID'] */
  readonly nodeInfo?: readonly HideableNodeInfo[];
  /** The cloud's name of the machine. @default true */
  readonly providerId?: Switch;
  /** The images on the node, those of other tenants included. @default true */
  readonly images?: Switch;
}

/** Which labels and taints of virtual nodes are written to the host's nodes: keys, or prefixes as `example.com/*`. */
export interface NodesToHost {
  /** Labels, by key. @default - none */
  readonly labels?: readonly string[];
  /** Taints, by key. @default - none */
  readonly taints?: readonly string[];
}

/** What all modes with real nodes take. */
export interface RealNodesOptions<Text = string, Switch = boolean> {
  /** What the virtual nodes do not show. */
  readonly hide?: HiddenOfNodes<Text, Switch>;
  /**
   * What a tenant may change on the host's nodes. A key that the host has set itself is left alone.
   * @default - nothing
   */
  readonly toHost?: NodesToHost;
  /** Resource usage. */
  readonly metrics?: RealNodeMetricsOptions;
}

/** Labels that a host node must have. */
export interface NodeLabels<Text = string> {
  readonly [key: string]: Text;
}

/** A node appears in the virtual cluster while a pod of it runs there; nothing but its name and size shows. */
export interface FakeNodes {
  readonly mode: 'fake';
  /** Who places pods. @default { by: 'host' } */
  readonly scheduling?: HostScheduling;
  /** Resource usage. */
  readonly metrics?: NodeMetricsOptions;
}

/** A node appears in the virtual cluster while a pod of it runs there, and shows what the host's node is. */
export interface RealNodesInUse<Text = string, Switch = boolean> extends RealNodesOptions<Text, Switch> {
  readonly mode: 'realInUse';
  /** Who places pods. @default { by: 'host' } */
  readonly scheduling?: HostScheduling;
}

/** All nodes of the host are nodes of the virtual cluster. DaemonSets run on all of them. */
export interface AllNodes<Text = string, Switch = boolean> extends RealNodesOptions<Text, Switch> {
  readonly mode: 'all';
  /** Who places pods. @default { by: 'host' } */
  readonly scheduling?: HostScheduling | OwnScheduling<Text>;
}

/** The nodes of the host with these labels are nodes of the virtual cluster. DaemonSets run on all of them. */
export interface SelectedNodes<Text = string, Switch = boolean> extends RealNodesOptions<Text, Switch> {
  readonly mode: 'selected';
  /** Labels that the nodes must have, at least one. */
  readonly selector: NodeLabels<Text>;
  /** Who places pods. @default { by: 'hostOnSelected' } */
  readonly scheduling?: HostScheduling | SelectedHostScheduling | OwnScheduling<Text>;
}

/** Nodes of the host with these labels appear in the virtual cluster while a pod of it runs there. */
export interface SelectedNodesInUse<Text = string, Switch = boolean> extends RealNodesOptions<Text, Switch> {
  readonly mode: 'selectedInUse';
  /** Labels that the nodes must have, at least one. */
  readonly selector: NodeLabels<Text>;
  /** Who places pods. @default { by: 'hostOnSelected' } */
  readonly scheduling?: HostScheduling | SelectedHostScheduling;
}

/** Which nodes the virtual cluster has, and who places its pods. Told apart by `mode`. */
export type NodesOptions<Text = string, Switch = boolean> =
  | FakeNodes
  | RealNodesInUse<Text, Switch>
  | AllNodes<Text, Switch>
  | SelectedNodes<Text, Switch>
  | SelectedNodesInUse<Text, Switch>;

const patterns = z.array(text(RULES.keyPattern)).readonly().optional();
const ownPatterns = z.array(plainText(RULES.ownKeyPattern)).readonly().optional();
const source = z.enum(['host', 'none']).optional();

const realShape = {
  hide: z
    .strictObject({
      labels: patterns,
      annotations: patterns,
      taints: patterns,
      addresses: z.enum(['all', 'internal']).optional(),
      nodeInfo: z.array(z.enum(HIDEABLE_NODE_INFO)).readonly().optional(),
      providerId: laterSwitch().optional(),
      images: laterSwitch().optional(),
    })
    .readonly()
    .optional(),
  toHost: z.strictObject({ labels: ownPatterns, taints: ownPatterns }).readonly().optional(),
  metrics: z.strictObject({ source, kubelet: z.boolean().optional() }).readonly().optional(),
};

const selector = textsByKey(RULES.labelValue)
  .superRefine((labels, context) => {
    if (Object.keys(labels).length > 0) return;
    context.addIssue({
      code: 'custom',
      input: labels,
      message: 'selects every node',
      params: { allowed: 'at least one label', hint: 'use the mode "all" or "realInUse"' },
    });
  })
  .readonly();

/** The schema of {@link NodesOptions}. */
export const nodesSchema = z.discriminatedUnion('mode', [
  z
    .strictObject({
      mode: z.literal('fake'),
      scheduling: byHost.optional(),
      metrics: z.strictObject({ source }).readonly().optional(),
    })
    .readonly(),
  z.strictObject({ mode: z.literal('realInUse'), ...realShape, scheduling: byHost.optional() }).readonly(),
  z
    .strictObject({
      mode: z.literal('all'),
      ...realShape,
      scheduling: z.discriminatedUnion('by', [byHost, byOwn]).optional(),
    })
    .readonly(),
  z
    .strictObject({
      mode: z.literal('selected'),
      ...realShape,
      selector,
      scheduling: z.discriminatedUnion('by', [byHost, byHostOnSelected, byOwn]).optional(),
    })
    .readonly(),
  z
    .strictObject({
      mode: z.literal('selectedInUse'),
      ...realShape,
      selector,
      scheduling: z.discriminatedUnion('by', [byHost, byHostOnSelected]).optional(),
    })
    .readonly(),
]);

/** Fills in the defaults. */
export function resolveNodes(options: NodesOptions = { mode: 'fake' }): NodesSection {
  const { metrics = {} } = options;
  const common = {
    version: 1,
    metrics: { source: metrics.source ?? 'host', kubelet: 'kubelet' in metrics && metrics.kubelet === true },
  } as const;
  switch (options.mode) {
    case 'fake':
      return { mode: 'fake', ...common, scheduling: { by: 'host' } };
    case 'realInUse':
      return { mode: 'realInUse', ...common, ...resolveReal(options), scheduling: { by: 'host' } };
    case 'all': {
      const { scheduling = { by: 'host' } } = options;
      return { mode: 'all', ...common, ...resolveReal(options), scheduling: resolveScheduling(scheduling) };
    }
    case 'selected': {
      const { scheduling = { by: 'hostOnSelected' }, selector } = options;
      const shared = { ...common, ...resolveReal(options), selector: { ...selector } };
      return { mode: 'selected', ...shared, scheduling: resolveScheduling(scheduling) };
    }
    case 'selectedInUse': {
      const { scheduling = { by: 'hostOnSelected' }, selector } = options;
      return { mode: 'selectedInUse', ...common, ...resolveReal(options), selector: { ...selector }, scheduling };
    }
  }
}

function resolveReal({ hide = {}, toHost = {} }: RealNodesOptions) {
  return {
    hide: {
      labels: [...(hide.labels ?? [])],
      annotations: [...(hide.annotations ?? ['*'])],
      taints: [...(hide.taints ?? [])],
      addresses: hide.addresses ?? 'all',
      nodeInfo: [...(hide.nodeInfo ?? (['bootID', 'machineID', 'systemUUID'] as const))],
      providerId: hide.providerId ?? true,
      images: hide.images ?? true,
    },
    toHost: { labels: [...(toHost.labels ?? [])], taints: [...(toHost.taints ?? [])] },
  };
}
