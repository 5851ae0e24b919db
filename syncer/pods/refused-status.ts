import type { Pod } from './types';

/**
 * The patch of `pods/status` by which a pod that may not reach the host says so where tenants look first: in its
 * condition `PodScheduled`. Undefined when it says so already.
 */
export function refusedStatus(virtual: Pod, reason: string, message: string): object | undefined {
  const known = virtual.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (known?.status === 'False' && known.reason === reason && known.message === message) return undefined;
  return { status: { conditions: [{ type: 'PodScheduled', status: 'False', reason, message }] } };
}
