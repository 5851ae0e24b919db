/** The part of an `AdmissionRequest` (admission.k8s.io/v1) that handlers read. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string | undefined;
  /** Empty while the name is still to be generated. */
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly userInfo: { readonly username?: string | undefined; readonly groups?: readonly string[] | undefined };
  /** The object as it is to become; absent on deletions. */
  readonly object?: unknown;
  /** The object as it is; absent on creations. */
  readonly oldObject?: unknown;
  /** Nothing may be done that lasts. */
  readonly dryRun: boolean;
}

/** One step of a JSON patch (RFC 6902). */
export type JsonPatchStep =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** What a handler answers. */
export type AdmissionAnswer =
  /** Let it pass, changed by `patch` if there is one. Warnings are shown to the caller. */
  | { readonly kind: 'allow'; readonly patch?: readonly JsonPatchStep[]; readonly warnings?: readonly string[] }
  /** The caller sees `message`, with this HTTP status. @default code 403 */
  | { readonly kind: 'deny'; readonly message: string; readonly reason?: string; readonly code?: number };

/**
 * Decides about one request. When it throws, the API server does what the webhook's `failurePolicy` says. `signal`
 * aborts when the API server has stopped waiting.
 */
export type AdmissionHandler = (request: AdmissionRequest, signal: AbortSignal) => Promise<AdmissionAnswer>;
