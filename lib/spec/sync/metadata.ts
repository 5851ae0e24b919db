import * as z from 'zod';
import { KINDS_WITH_METADATA, type KindWithMetadata } from '../../contract';
import { texts } from '../fields';
import { INGRESS_ANNOTATIONS } from './ingress-annotations';
import { ANNOTATION_PATTERN, KEY_PATTERN, LABEL_PATTERN } from './key-pattern';

/**
 * How the labels of tenants reach the host. Patterns are keys; one with `*` at its end stands for all that begin so, and
 * `*` alone for all keys.
 */
export interface LabelsOptions<Text = string> {
  /**
   * Keys that reach the host as they are, on every kind and in every selector. The others are hashed, so that no
   * tenant's label matches a selector of the host. Our own keys, `release` and those by which Kubernetes marks
   * EndpointSlices are hashed in any case.
   * @default - none: all keys are hashed
   */
  readonly preserve?: readonly Text[];
  /**
   * Keys by which the host's own controllers steer what they do (injection of sidecars, identities of a cloud, where a
   * pod runs). They are hashed even where `preserve` means them, so that a tenant can't switch such a controller on or
   * off. The list replaces the default.
   * @default - those of Istio, Linkerd, Kuma, Consul, Azure's workload identity, EKS Fargate and the topology of nodes
   */
  readonly hostOwned?: readonly Text[];
}

/** On which kinds the host sees the labels of virtual namespaces. */
export interface NamespaceLabelsOptions {
  /**
   * Kinds besides pods, which always carry them, for network policies and affinities need them.
   * @default - none
   */
  readonly alsoOn?: readonly KindWithMetadata[];
}

/** Patterns of annotation keys by kind. */
export type AnnotationsByKind<Text = string> = { readonly [kind in KindWithMetadata]?: readonly Text[] };

/** Which annotations cross, by kind. Their values never change on the way. */
export interface AnnotationsOptions<Text = string> {
  /**
   * Annotations of tenants that reach the host. Host controllers act on annotations (load balancers, DNS names,
   * certificates, identities, networks), so every pattern here hands tenants what those controllers can do. A list
   * replaces the default of its kind.
   * @default - `{ pods: ['cluster-autoscaler.kubernetes.io/safe-to-evict', 'kubectl.kubernetes.io/default-container'] }`,
   * and for Ingresses those of the common controllers that shape the tenant's own traffic
   */
  readonly toHost?: AnnotationsByKind<Text>;
  /**
   * Annotations that something on the host sets on a copy, and that the tenant sees on the original.
   * @default - none
   */
  readonly fromHost?: AnnotationsByKind<Text>;
}

/** What `sync` says about labels and annotations. */
export interface MetadataSync<Text = string> {
  /** How tenants' labels reach the host. @default - under hashed keys */
  readonly labels?: LabelsOptions<Text>;
  /** Which kinds carry the labels of their virtual namespace. @default - pods */
  readonly namespaceLabels?: NamespaceLabelsOptions;
  /** Which annotations cross. @default - few, see its fields */
  readonly annotations?: AnnotationsOptions<Text>;
}

/** Label keys of the host's own controllers. Sources: the documentation of each product's injector or webhook. */
const HOST_OWNED_LABELS: readonly string[] = [
  'sidecar.istio.io/*',
  'istio.io/*',
  'istio-injection',
  'linkerd.io/*',
  'kuma.io/*',
  'consul.hashicorp.com/*',
  'azure.workload.identity/*',
  'eks.amazonaws.com/*',
  'topology.kubernetes.io/*',
];

/** Annotations that say something about the tenant's own pod or traffic and about nothing else. */
const DEFAULT_TO_HOST = {
  ingresses: INGRESS_ANNOTATIONS,
  pods: ['cluster-autoscaler.kubernetes.io/safe-to-evict', 'kubectl.kubernetes.io/default-container'],
} as const satisfies AnnotationsByKind;

const KINDS = Object.keys(KINDS_WITH_METADATA) as KindWithMetadata[];

const patternsByKind = z
  .strictObject(
    Object.fromEntries(KINDS.map((kind) => [kind, texts(ANNOTATION_PATTERN).optional()])) as {
      [kind in KindWithMetadata]: z.ZodOptional<ReturnType<typeof texts>>;
    },
  )
  .readonly();

/** The schema of {@link MetadataSync}, field by field. */
export const metadataShape = {
  labels: z
    .strictObject({ preserve: texts(LABEL_PATTERN).optional(), hostOwned: texts(KEY_PATTERN).optional() })
    .readonly()
    .optional(),
  namespaceLabels: z
    .strictObject({ alsoOn: z.array(z.enum(KINDS)).readonly().optional() })
    .readonly()
    .optional(),
  annotations: z
    .strictObject({ toHost: patternsByKind.optional(), fromHost: patternsByKind.optional() })
    .readonly()
    .optional(),
} as const;

/** Fills in the defaults. */
export function resolveMetadata({ labels, namespaceLabels, annotations }: MetadataSync) {
  return {
    labels: {
      preserve: [...(labels?.preserve ?? [])],
      hostOwned: [...(labels?.hostOwned ?? HOST_OWNED_LABELS)],
    },
    namespaceLabels: { alsoOn: [...(namespaceLabels?.alsoOn ?? [])] },
    annotations: {
      toHost: copied({ ...DEFAULT_TO_HOST, ...annotations?.toHost }),
      fromHost: copied(annotations?.fromHost ?? {}),
    },
  };
}

function copied(byKind: AnnotationsByKind): { [kind: string]: string[] } {
  return Object.fromEntries(Object.entries(byKind).map(([kind, patterns]) => [kind, [...(patterns ?? [])]]));
}
