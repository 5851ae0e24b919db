import {
  ANNOTATIONS,
  declaredKind,
  hostNamespaceLabelKey,
  isNeverPassed,
  LABELS,
  matchesKey,
  objectKindValue,
} from '../../lib/contract';
import type { KubeObject, ObjectMeta, OwnerReference } from '../kube/types';
import { hostLabelKeyOf, isPreserved } from './label-keys';
import { passedKeys, recordOf } from './passed-keys';
import { clusterScopedMarker, hostPlace, markLabels } from './placement';
import type { ClusterContext } from './types';

/** Labels or annotations. */
export type StringMap = { readonly [key: string]: string };

/** What a kind may ask of {@link hostMetadata}. */
export interface HostMetadataOptions {
  /** Whether the annotation `object-kind` is set; vCluster's Services and Ingresses have none. @default true */
  readonly kindAnnotation?: boolean;
  /** The kind, for objects out of a list, which carry none of their own. @default that of the object */
  readonly kind?: { readonly apiVersion: string; readonly kind: string };
  /** Further labels, under their final keys. They win over the tenant's. @default none */
  readonly labels?: StringMap;
  /** Further annotations, under their final keys. They win over the tenant's. @default none */
  readonly annotations?: StringMap;
  /** Annotations for a tenant that gives none of these keys, or may give none. @default none */
  readonly defaults?: StringMap;
}

/** The metadata of a host object: only what the syncer itself puts there. */
export interface HostMetadata extends ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly ownerReferences: readonly OwnerReference[];
}

/**
 * The metadata that a virtual object's host copy must have. Nothing of the tenant's passes as it is but what the
 * declaration names: other labels go under hashed keys, other annotations, finalizers and owner references stay behind,
 * so none of them can steer a host controller. An object without a UID (one still in admission) gets no `object-uid`.
 */
export function hostMetadata(v: KubeObject, ctx: ClusterContext, options: HostMetadataOptions = {}): HostMetadata {
  const { name = '', namespace = '' } = v.metadata;
  const place = hostPlace(name, namespace, ctx, options.kind?.kind ?? v.kind);
  const { labels, annotations } = tenantMetadata(v, ctx, options);
  return {
    name: place.name,
    namespace: place.namespace ?? ctx.hostNamespace,
    labels: {
      ...labels,
      ...namespaceLabels(v, ctx, options),
      ...options.labels,
      ...scopeLabels(namespace, ctx),
    },
    annotations: {
      ...annotations,
      ...options.annotations,
      ...identityAnnotations(v, options),
      ...(place.namespace === ctx.hostNamespace ? {} : { [ANNOTATIONS.ownerUid]: ctx.ownerUid }),
    },
    ownerReferences: ownersIn(place.namespace, ctx),
  };
}

/**
 * {@link hostMetadata} of a cluster-scoped object. Its marker names the host namespace too, and an annotation stands for
 * the owner, as nothing namespaced can own it.
 */
export function clusterScopedMetadata(
  v: KubeObject,
  ctx: ClusterContext,
  options: HostMetadataOptions = {},
): Omit<HostMetadata, 'namespace' | 'ownerReferences'> {
  const { labels, annotations } = tenantMetadata(v, ctx, options);
  return {
    name: hostPlace(v.metadata.name ?? '', undefined, ctx, options.kind?.kind ?? v.kind).name,
    labels: { ...labels, ...options.labels, [LABELS.managedBy]: clusterScopedMarker(ctx) },
    annotations: {
      ...annotations,
      ...options.annotations,
      ...identityAnnotations(v, options),
      [ANNOTATIONS.ownerUid]: ctx.ownerUid,
    },
  };
}

/** A tenant's labels as the host's objects carry them, with the labels that name cluster and namespace. */
export function hostLabels(labels: StringMap, virtualNamespace: string, ctx: ClusterContext): StringMap {
  return { ...translatedLabels(labels, ctx), ...scopeLabels(virtualNamespace, ctx) };
}

/**
 * A tenant's equality selector as the host must state it: it finds the same objects as in the virtual cluster, and
 * never one of another namespace, of another virtual cluster or of the host.
 */
export function hostSelector(selector: StringMap, virtualNamespace: string, ctx: ClusterContext): StringMap {
  return hostLabels(selector, virtualNamespace, ctx);
}

/** The labels of a virtual namespace as the host's objects in it carry them, so that selectors of namespaces find them. */
export function hostNamespaceLabels(labels: StringMap, { cluster }: ClusterContext): StringMap {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [hostNamespaceLabelKey(key, cluster), value]));
}

/** The owner of all that is synced: the Service `<cluster>`, so that deleting the cluster collects everything. */
export function ownerReference(ctx: ClusterContext): OwnerReference {
  return { apiVersion: 'v1', controller: false, kind: 'Service', name: ctx.names.controlPlane, uid: ctx.ownerUid };
}

/** The owners of an object in a host namespace: the Service `<cluster>` can own only what lies where it does. */
export function ownersIn(namespace: string | undefined, ctx: ClusterContext): readonly OwnerReference[] {
  return namespace === ctx.hostNamespace ? [ownerReference(ctx)] : [];
}

/** What of a tenant's labels and annotations reaches the host, and the record of what reaches it as it is. */
function tenantMetadata(v: KubeObject, ctx: ClusterContext, options: HostMetadataOptions) {
  const { labels = {}, annotations = {} } = v.metadata;
  const passed = { ...options.defaults, ...passedAnnotations(annotations, options.kind?.kind ?? v.kind, ctx) };
  const preserved = Object.entries(labels).filter(([key]) => isPreserved(key, ctx));
  const record = passedKeys(
    without(Object.fromEntries(preserved), options.labels),
    without(passed, options.annotations),
  );
  return { labels: translatedLabels(labels, ctx), annotations: { ...passed, ...recordOf(record) } };
}

/** Those of a tenant's annotations that the declaration lets pass on this kind. */
function passedAnnotations(annotations: StringMap, kind: string | undefined, { sections }: ClusterContext): StringMap {
  const declared = declaredKind(kind);
  const allowed = declared === undefined ? undefined : sections.sync.annotations.toHost[declared];
  if (allowed === undefined || allowed.length === 0) return {};
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => matchesKey(allowed, key) && !isNeverPassed(key)),
  );
}

function namespaceLabels(v: KubeObject, ctx: ClusterContext, options: HostMetadataOptions): StringMap {
  const declared = declaredKind(options.kind?.kind ?? v.kind);
  const isOn = declared !== undefined && ctx.sections.sync.namespaceLabels.alsoOn.includes(declared);
  return isOn ? hostNamespaceLabels(ctx.labelsOfNamespace?.(v.metadata.namespace ?? '') ?? {}, ctx) : {};
}

function scopeLabels(virtualNamespace: string, ctx: ClusterContext): StringMap {
  return { ...markLabels(ctx), [LABELS.namespace]: virtualNamespace };
}

function translatedLabels(labels: StringMap, ctx: ClusterContext): StringMap {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [hostLabelKeyOf(key, ctx), value]));
}

function without(map: StringMap, taken: StringMap = {}): StringMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !Object.hasOwn(taken, key)));
}

function identityAnnotations(v: KubeObject, options: HostMetadataOptions): StringMap {
  const { name = '', namespace, uid } = v.metadata;
  const apiVersion = options.kind?.apiVersion ?? v.apiVersion;
  const kind = options.kind?.kind ?? v.kind;
  const showsKind = options.kindAnnotation !== false && apiVersion !== undefined && kind !== undefined;
  return {
    [ANNOTATIONS.objectName]: name,
    ...(namespace === undefined ? {} : { [ANNOTATIONS.objectNamespace]: namespace }),
    ...(uid === undefined ? {} : { [ANNOTATIONS.objectUid]: uid }),
    ...(showsKind ? { [ANNOTATIONS.objectKind]: objectKindValue(apiVersion, kind) } : {}),
  };
}
