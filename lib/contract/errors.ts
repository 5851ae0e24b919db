/** Every error code that Sublet raises, with what it means. Codes are part of the public API: they never change meaning. */
export const ERROR_CODES = {
  SPEC_INVALID: 'the declaration of a virtual cluster has fields that are unknown, wrong or contradictory',
  CONFIG_INVALID: 'a configuration section of the syncer does not follow its schema',
  NAME_INVALID: 'a name does not follow the rules of Kubernetes names',
  API_UNREACHABLE: 'an API server could not be reached',
  API_ERROR: 'an API server refused a request',
  API_CONFLICT: 'an object changed since it was read',
  API_NOT_FOUND: 'an object, or its kind, does not exist',
  API_FORBIDDEN: 'the identity in use lacks a right',
  WATCH_EXPIRED: 'a watch cannot resume, because its resourceVersion is too old',
  OWNERSHIP_CONFLICT: 'an object of that name exists and belongs to somebody else',
  TRANSLATION_REFUSED: 'an object holds something that may not reach the host cluster',
  QUOTA_EXCEEDED: 'an object does not fit into what the virtual cluster may hold on the host',
  DELETION_BRAKE: 'deletions were stopped, because the virtual store looks blank, replaced or restored',
  PKI_INVALID: 'certificates of the control plane are missing, broken or not of this cluster',
  HOST_SETUP: 'the embedded host cluster could not be set up',
  HOST_UNSUPPORTED: 'this machine cannot run the embedded host cluster',
  HOST_RIGHTS: 'the identity on the host cluster lacks rights that are needed',
  CLUSTER_EXISTS: 'a virtual cluster of that name exists already',
  CLUSTER_NOT_FOUND: 'no virtual cluster of that name exists',
  NAMESPACE_NOT_FOUND: 'the host namespace does not exist',
  STORAGE_CLASS_MISSING: 'a persistent store was asked for and the host cluster has no storage class for it',
  BACKUP_INVALID: 'a file is no backup, is broken, of another virtual cluster, or encrypted with another passphrase',
  OBJECT_STORE: 'the object store of backups refused a request, or could not be reached',
  NOT_READY: 'something did not become ready in time',
  MANIFEST_INVALID: 'a manifest is not YAML, no object of Kubernetes, or has fields of a wrong form',
  USAGE: 'a command was called with words it does not take',
  INTERRUPTED: 'the work was stopped by a signal',
} as const;

/** One of the codes in {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Further facts about an error, safe to print: never a secret or a token. */
export interface ErrorDetails {
  /** What went wrong before this. */
  readonly cause?: unknown;
  /** What the reader can do about it, in one sentence. */
  readonly hint?: string;
}

/** The one class of Sublet's own errors: tell them apart by `code`, which is stable. */
export class SubletError extends Error {
  override readonly name: string = 'SubletError';
  /** What the reader can do about it, in one sentence. */
  readonly hint: string | undefined;

  /** @param message one sentence that names what it is about */
  constructor(
    /** Which error it is. */
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.hint = details.hint;
  }
}

/** Wraps what was thrown into a {@link SubletError}, once: our own errors pass through as they are. */
export function toSubletError(thrown: unknown, code: ErrorCode, message?: string): SubletError {
  if (thrown instanceof SubletError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new SubletError(code, message === undefined ? reason : `${message}: ${reason}`, { cause: thrown });
}
