import { ANNOTATIONS } from '../../lib/contract';
import type { KubeObject } from '../kube/types';
import type { Change } from './types';

/** The longest text that is noted; events have the same limit. */
const LONGEST = 1024;

/**
 * The write that notes on a virtual object why it is not on the host as it stands, or with `undefined` that it is. Most
 * kinds have no conditions, and events are forgotten after an hour; an annotation stays as long as the trouble does.
 */
export function problemNote(virtual: KubeObject, problem: string | undefined): Change | undefined {
  const noted = virtual.metadata.annotations?.[ANNOTATIONS.syncProblem];
  const text = problem?.slice(0, LONGEST);
  if (noted === text) return undefined;
  return { kind: 'patch', patch: { metadata: { annotations: { [ANNOTATIONS.syncProblem]: text ?? null } } } };
}
