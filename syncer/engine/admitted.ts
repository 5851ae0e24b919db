import { ANNOTATIONS } from '../../lib/contract';
import type { KubeObject } from '../kube/types';

/** How long a host object that was made in admission waits for its virtual object, in milliseconds. */
const ADMISSION_LIMIT_MS = 120_000;

/** Whether a host object was made in admission so lately that its virtual object may still come. */
export function isFresh(host: KubeObject, now: number): boolean {
  const since = Date.parse(host.metadata.annotations?.[ANNOTATIONS.pendingSince] ?? '');
  return now - since < ADMISSION_LIMIT_MS;
}
