import type { Api } from '../kube/api';
import { isNotFound } from '../kube/api-error';

/**
 * Whether the host serves `metrics.k8s.io`. Without it a declaration that does not speak of measurements asks for none,
 * as nobody could be given a right over what there is not. A host that can't be asked is taken for one that does.
 */
export async function servesMetrics(api: Api, signal: AbortSignal): Promise<boolean> {
  try {
    await api.request({ path: '/apis/metrics.k8s.io', timeoutMs: ASK_TIMEOUT_MS, signal });
    return true;
  } catch (error) {
    return !isNotFound(error);
  }
}

const ASK_TIMEOUT_MS = 5000;
