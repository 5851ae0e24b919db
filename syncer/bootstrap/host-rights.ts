import { SubletError } from '../../lib/contract';
import { ApiError } from '../kube/api-error';

/** One right on the host cluster. */
export interface HostRight {
  readonly verb: string;
  /** Plural of the kind, with its group if it has one: `services`, `leases.coordination.k8s.io`. */
  readonly resource: string;
  readonly namespace: string;
}

/**
 * Does what needs a right, and names the right when the host refuses.
 * @throws SubletError `HOST_RIGHTS` when the identity in use lacks the right; every other error as it comes
 */
export async function withRight<T>(right: HostRight, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isMissingRight(error)) throw error;
    const { verb, resource, namespace } = right;
    throw new SubletError('HOST_RIGHTS', `no right to ${verb} ${resource} in namespace ${namespace}`, {
      cause: error,
      hint: 'Bind the Role of the virtual cluster to its ServiceAccount, as its manifests do.',
    });
  }
}

/**
 * Quotas and admission policies refuse with the same status as the authorizer, but in words of their own. What is said
 * about Secrets is withheld from errors; then the authorizer is the likely one.
 */
function isMissingRight(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  return (
    error.status === 401 ||
    (error.status === 403 && !/exceeded quota|denied (the )?request|violates/.test(error.message))
  );
}
