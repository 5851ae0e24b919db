import * as z from 'zod';

/** Fields of a node's `status.nodeInfo` that can be hidden. Architecture and operating system decide what runs there. */
export const HIDEABLE_NODE_INFO = [
  'bootID',
  'containerRuntimeVersion',
  'kernelVersion',
  'kubeProxyVersion',
  'kubeletVersion',
  'machineID',
  'osImage',
  'swap',
  'systemUUID',
] as const;

/** A field of a node's `status.nodeInfo` that can be hidden. */
export type HideableNodeInfo = (typeof HIDEABLE_NODE_INFO)[number];

/** Keys of labels, annotations or taints: `example.com/pool`, all of a prefix as `example.com/*`, or all as `*`. */
const keyPatterns = z.array(z.string());

/** What every mode says. */
const common = {
  /** Version of this schema. */
  version: z.literal(1),
  /** Where resource usage comes from: the host's metrics API, as far as it has one, or from nowhere. */
  metrics: z.strictObject({
    source: z.enum(['host', 'none']),
    /** Whether measurements of the host's kubelets are passed on, less what is not the tenant's. */
    kubelet: z.boolean(),
  }),
};

/** What the modes that show real nodes say. */
const shown = {
  hide: z.strictObject({
    labels: keyPatterns,
    annotations: keyPatterns,
    taints: keyPatterns,
    addresses: z.enum(['all', 'internal']),
    nodeInfo: z.array(z.enum(HIDEABLE_NODE_INFO)),
    providerId: z.boolean(),
    images: z.boolean(),
  }),
  /** Keys whose labels and taints on virtual nodes are written to the host's nodes. */
  toHost: z.strictObject({ labels: keyPatterns, taints: keyPatterns }),
};

const selector = z.record(z.string(), z.string());

/** The host's scheduler, on any node of the host. */
const byHost = z.strictObject({ by: z.literal('host') });
/** The host's scheduler, on selected nodes only. */
const byHostOnSelected = z.strictObject({ by: z.literal('hostOnSelected') });
/** A scheduler inside the virtual cluster. */
const byOwn = z.strictObject({ by: z.literal('own'), othersUse: z.enum(['ignored', 'subtracted']) });

/** The section that says which nodes the virtual cluster has, and who places its pods. */
export const nodesSection = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('fake'), ...common, scheduling: byHost }),
  z.strictObject({ mode: z.literal('realInUse'), ...common, ...shown, scheduling: byHost }),
  z.strictObject({
    mode: z.literal('all'),
    ...common,
    ...shown,
    scheduling: z.discriminatedUnion('by', [byHost, byOwn]),
  }),
  z.strictObject({
    mode: z.literal('selected'),
    ...common,
    ...shown,
    selector,
    scheduling: z.discriminatedUnion('by', [byHost, byHostOnSelected, byOwn]),
  }),
  z.strictObject({
    mode: z.literal('selectedInUse'),
    ...common,
    ...shown,
    selector,
    scheduling: z.discriminatedUnion('by', [byHost, byHostOnSelected]),
  }),
]);

/** The section that says which nodes the virtual cluster has, and who places its pods. */
export type NodesSection = z.infer<typeof nodesSection>;

/** The section in a mode that shows real nodes. */
export type RealNodesSection = Exclude<NodesSection, { readonly mode: 'fake' }>;
