import type { IsolationSection } from '../../lib/contract';
import type { Change } from '../engine/types';
import { refusedByLimits } from '../isolation/quota/container-limits';
import { podChanges } from './changes';
import { resizedPod } from './resized';
import type { Pod, Refusal } from './types';

/** What is to be written to a host pod that exists. */
export interface AllowedChanges {
  readonly changes: readonly Change[];
  /** The pod as it is with all of them, as far as its size is concerned. */
  readonly becomes: Pod;
  /** Why it is not resized although the tenant asks for it. */
  readonly refusal?: Refusal;
}

/** {@link podChanges}, but for a size that the declared limits of containers do not allow. */
export function allowedChanges(desired: Pod, current: Pod, isolation: IsolationSection): AllowedChanges {
  const changes = podChanges(desired, current);
  const becomes = resizedPod(desired, current);
  if (isolation.level === 'off' || !changes.some(isResize)) return { changes, becomes };
  const refusal = refusedByLimits(becomes.spec, isolation.limits);
  if (refusal === undefined) return { changes, becomes };
  return { changes: changes.filter((change) => !isResize(change)), becomes: current, refusal };
}

const isResize = (change: Change): boolean => change.kind === 'patch' && change.subresource === 'resize';
