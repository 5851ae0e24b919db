import { ANNOTATIONS, LABELS, objectKindValue } from '../../lib/contract';
import type { KubeObject, ObjectMeta, OwnerReference } from '../kube/types';
import { hostLabelKeyOf } from './label-keys';
import { clusterScopedMarker, hostPlace } from './placement';
import type { ClusterContext } from './types';

/** Labels or annotations. */
export type StringMap = { readonly [key: string]: string };

/** What a kind may ask of {@link hostMetadata}. */
export interface HostMetadataOptions {
  /** Whether the annotation `object-kind` is set; vCluster's Services and Ingresses have none. @default true */
  readonly kindAnnotation?: boolean;
  /** The kind, for objects out of a list, which carry none of their own. @default that of the object */
  readonly kind?: { readonly apiVersion: string; readonly kind: string };
  /** Further labels, under their final keys. @default none */
  readonly labels?: StringMap;
  /** Further annotations, under their final keys. @default none */
  readonly annotations?: StringMap;
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
 * The metadata that a virtual object's host copy must have. Nothing of the tenant's passes as it is: labels go under
 * hashed keys, annotations, finalizers and owner references stay behind, so none of them can steer a host controller.
 * An object without a UID (one still in admission) gets no `object-uid`.
 */
export function hostMetadata(v: KubeObject, ctx: ClusterContext, options: HostMetadataOptions = {}): HostMetadata {
  const { name = '', namespace = '', labels = {} } = v.metadata;
  const place = hostPlace(name, namespace, ctx, options.kind?.kind ?? v.kind);
  return {
    name: place.name,
    namespace: place.namespace ?? ctx.hostNamespace,
    labels: { ...options.labels, ...hostLabels(labels, namespace, ctx) },
    annotations: { ...options.annotations, ...identityAnnotations(v, options) },
    ownerReferences: [ownerReference(ctx)],
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
  const { name = '', labels = {} } = v.metadata;
  return {
    name: hostPlace(name, undefined, ctx).name,
    labels: { ...options.labels, ...hashedLabels(labels, ctx), [LABELS.managedBy]: clusterScopedMarker(ctx) },
    annotations: {
      ...options.annotations,
      ...identityAnnotations(v, options),
      [ANNOTATIONS.ownerUid]: ctx.ownerUid,
    },
  };
}

/** A tenant's labels as the host's objects carry them, with the labels that name cluster and namespace. */
export function hostLabels(labels: StringMap, virtualNamespace: string, ctx: ClusterContext): StringMap {
  return { ...hashedLabels(labels, ctx), [LABELS.managedBy]: ctx.cluster, [LABELS.namespace]: virtualNamespace };
}

/**
 * A tenant's equality selector as the host must state it: it finds the same objects as in the virtual cluster, and
 * never one of another namespace, of another virtual cluster or of the host.
 */
export function hostSelector(selector: StringMap, virtualNamespace: string, ctx: ClusterContext): StringMap {
  return hostLabels(selector, virtualNamespace, ctx);
}

/** The owner of all that is synced: the Service `<cluster>`, so that deleting the cluster collects everything. */
export function ownerReference(ctx: ClusterContext): OwnerReference {
  return { apiVersion: 'v1', controller: false, kind: 'Service', name: ctx.names.controlPlane, uid: ctx.ownerUid };
}

function hashedLabels(labels: StringMap, ctx: ClusterContext): StringMap {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [hostLabelKeyOf(key, ctx), value]));
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
