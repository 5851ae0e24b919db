import { ANNOTATIONS, LABELS } from '../../lib/contract';
import { type KubeObject, keyOf, type ObjectKey } from '../kube/types';
import { spansNamespaces } from './host-namespace';
import { clusterScopedMarker, hostPlace } from './placement';
import type { ClusterContext } from './types';

/** Whose a host object is. */
export type Ownership =
  /** A copy that this virtual cluster made of the object `key`. */
  | {
      readonly kind: 'ours';
      readonly key: ObjectKey;
      /** UID of the virtual object, `undefined` while that is still in admission. */
      readonly uid: string | undefined;
    }
  /** Somebody else's, or no longer recognisable as ours: it is neither changed nor deleted. */
  | { readonly kind: 'foreign'; readonly why: string };

/**
 * Whose a host object is. Labels, annotations, owner reference and the name computed anew must all agree, since any
 * single one of them can be copied: a mirrored EndpointSlice has our annotations, a controller's Endpoints our labels.
 */
export function ownership(host: KubeObject, ctx: ClusterContext): Ownership {
  const { name, namespace, labels = {}, annotations = {} } = host.metadata;
  if (namespace === undefined) return clusterScopedOwnership(host, ctx);
  if (labels[LABELS.managedBy] !== ctx.cluster) return foreign('its labels name no or another virtual cluster');
  const objectName = annotations[ANNOTATIONS.objectName];
  const objectNamespace = annotations[ANNOTATIONS.objectNamespace];
  if (objectName === undefined || objectNamespace === undefined) return foreign('it names no virtual object');
  if (labels[LABELS.namespace] !== objectNamespace) return foreign('label and annotation name different namespaces');
  const place = hostPlace(objectName, objectNamespace, ctx, kindIn(annotations[ANNOTATIONS.objectKind]));
  if (namespace !== place.namespace) return foreign('it lies in another namespace');
  if (name !== place.name) return foreign('its name is not that of its object');
  if (spansNamespaces(ctx) && labels[LABELS.scope] !== clusterScopedMarker(ctx))
    return foreign('its labels name no or another scope');
  if (!hasOwner(host, ctx)) return foreign('it is not owned by the Service of this virtual cluster');
  const uid = annotations[ANNOTATIONS.objectUid];
  if (uid === undefined && annotations[ANNOTATIONS.pendingSince] === undefined)
    return foreign('it names no virtual UID');
  return { kind: 'ours', key: `${objectNamespace}/${objectName}`, uid };
}

/** The kind in {@link ANNOTATIONS.objectKind}: `/v1, Kind=Pod`. */
function kindIn(value: string | undefined): string | undefined {
  return value?.slice(value.indexOf('Kind=') + 'Kind='.length);
}

function clusterScopedOwnership(host: KubeObject, ctx: ClusterContext): Ownership {
  const { name, labels = {}, annotations = {} } = host.metadata;
  if (labels[LABELS.managedBy] !== clusterScopedMarker(ctx)) return foreign('its labels name no or another cluster');
  const objectName = annotations[ANNOTATIONS.objectName];
  if (objectName === undefined || annotations[ANNOTATIONS.objectNamespace] !== undefined)
    return foreign('it names no cluster-scoped object');
  if (hostPlace(objectName, undefined, ctx, kindIn(annotations[ANNOTATIONS.objectKind])).name !== name)
    return foreign('its name is not that of its object');
  if (annotations[ANNOTATIONS.ownerUid] !== ctx.ownerUid) return foreign('it was not made for this virtual cluster');
  const uid = annotations[ANNOTATIONS.objectUid];
  return uid === undefined ? foreign('it names no virtual UID') : { kind: 'ours', key: objectName, uid };
}

/** How a host object relates to the virtual object whose place it takes. */
export type Belonging =
  /** It is the copy of this very object. */
  | 'same'
  /** It is the copy of an earlier object of the same name. */
  | 'previous'
  /** It is the copy of another object, whose translated name is the same: a collision, to be reported. */
  | 'other'
  /** It is not of this virtual cluster. */
  | 'foreign';

/**
 * How the host object under a virtual object's translated name relates to it. A copy made in admission, before its
 * object had a UID, belongs to whichever object comes to bear the name.
 */
export function belongsTo(host: KubeObject, virtual: KubeObject, ctx: ClusterContext): Belonging {
  const owner = ownership(host, ctx);
  if (owner.kind === 'foreign') return 'foreign';
  if (owner.key !== keyOf(virtual)) return 'other';
  return owner.uid === undefined || owner.uid === virtual.metadata.uid ? 'same' : 'previous';
}

function foreign(why: string): Ownership {
  return { kind: 'foreign', why };
}

/** Whether the Service `<cluster>` owns an object. Where it can't, in other namespaces, an annotation stands for it. */
export function hasOwner(host: KubeObject, ctx: ClusterContext): boolean {
  if (host.metadata.namespace !== ctx.hostNamespace)
    return host.metadata.annotations?.[ANNOTATIONS.ownerUid] === ctx.ownerUid;
  return (host.metadata.ownerReferences ?? []).some(
    (owner) =>
      owner.apiVersion === 'v1' &&
      owner.kind === 'Service' &&
      owner.name === ctx.names.controlPlane &&
      owner.uid === ctx.ownerUid,
  );
}
