import { type ApiError, apiErrorOfAnswer } from '../../../syncer/kube/api-error';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { ListQuery, Resource } from '../../../syncer/kube/types';
import type { Stored } from './memory-cache';

/** An API server's refusal, as the real client makes it of the answer. */
export function apiError(
  method: string,
  { plural }: Resource,
  name: string,
  status: number,
  reason: string,
  message: string,
): ApiError {
  const details = { name, kind: plural };
  const body = JSON.stringify({
    kind: 'Status',
    message: `${plural} "${name}" ${message}`,
    reason,
    code: status,
    details,
  });
  return apiErrorOfAnswer({ method, path: `/api/v1/${plural}/${name}` }, { status, body });
}

/** The body of `pods/binding`. */
export interface Binding {
  readonly metadata: { readonly uid?: string };
  readonly target: { readonly name: string };
}

/** The body of `serviceaccounts/token`. */
export interface TokenRequest {
  readonly spec: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds: number;
    readonly boundObjectRef?: { readonly name: string; readonly uid: string };
  };
}

/** Kinds whose status is written by its subresource only. */
const HAS_STATUS: ReadonlySet<string> = new Set(['pods', 'services', 'nodes']);

/** What a patch changes: status by its subresource and nothing else by it. */
export function withStatus({ plural }: Resource, before: Stored, after: Stored, isStatus: boolean): Stored {
  if (!isStatus && !HAS_STATUS.has(plural)) return after;
  const { status: old, ...spec } = before;
  const { status: fresh, ...changed } = after;
  if (isStatus) return { ...spec, ...(fresh !== undefined && { status: fresh }) };
  return { ...changed, ...(old !== undefined && { status: old }), metadata: after.metadata };
}

/** @throws ApiError 409 unless the object still has this version */
export function assertVersion(method: string, resource: Resource, object: Stored, wanted: string | undefined): void {
  const { name = '', resourceVersion } = object.metadata;
  if (wanted !== resourceVersion) {
    throw apiError(method, resource, name, 409, 'Conflict', 'the object has been modified');
  }
}

/** Whether a list with this query holds the object. */
export function matches({ metadata }: Stored, { namespace, fieldSelector, labelSelector }: ListQuery): boolean {
  const [, name] = fieldSelector?.split('metadata.name=') ?? [];
  const [label = '', value] = labelSelector?.split('=') ?? [];
  return (
    (namespace === undefined || metadata.namespace === namespace) &&
    (name === undefined || metadata.name === name) &&
    (value === undefined || metadata.labels?.[label] === value)
  );
}

/** The token that a request gets, bound to a pod that must exist under that UID. */
export function issuedToken(account: string, { spec }: TokenRequest, pod: Stored | undefined, now: number): unknown {
  const { boundObjectRef: bound, expirationSeconds, audiences = ['api'] } = spec;
  if (bound !== undefined && pod?.metadata.uid !== bound.uid) {
    throw apiError('POST', RESOURCES.serviceAccounts, account, 409, 'Conflict', 'the bound object has another UID');
  }
  const expirationTimestamp = new Date(now + expirationSeconds * 1000).toISOString();
  const token = `${account} for ${audiences.join()} bound to ${bound?.uid} until ${expirationTimestamp}`;
  return { status: { token, expirationTimestamp } };
}

/** How a deletion marks an object that stays for now, having finalizers or being a pod that may be running; else undefined. */
export function deletionMarks({ plural }: Resource, object: Stored, seconds: number | undefined, now: number) {
  const { finalizers = [], deletionTimestamp, deletionGracePeriodSeconds } = object.metadata;
  const spec = object.spec as { nodeName?: string; terminationGracePeriodSeconds?: number } | undefined;
  const isRunning = plural === 'pods' && Boolean(spec?.nodeName);
  const grace = isRunning ? (seconds ?? spec?.terminationGracePeriodSeconds ?? 30) : 0;
  if (finalizers.length === 0 && grace === 0) return undefined;
  return {
    deletionTimestamp: deletionTimestamp ?? new Date(now + grace * 1000).toISOString(),
    deletionGracePeriodSeconds: Math.min(grace, deletionGracePeriodSeconds ?? grace),
  };
}
