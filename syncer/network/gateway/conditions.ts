import { pick } from '../../engine/pick';
import { type Replacements, scrub } from '../../engine/scrub';
import type { KubeObject } from '../../kube/types';
import type { Denial } from './host-refs';
import type { Condition } from './types';

/** The host's conditions in the tenant's words: generations of the virtual object, and no name of the host. */
export function toVirtualConditions(
  conditions: readonly Condition[] | undefined,
  { host, virtual, names, denials }: ConditionParts,
): readonly Condition[] {
  return (conditions ?? []).map((condition) => {
    const { message, observedGeneration } = condition;
    const generation = virtual.metadata.generation ?? 1;
    // What the host's controller has not seen yet, it says about the virtual object's state before.
    const seen = observedGeneration === host.metadata.generation ? generation : Math.max(1, generation - 1);
    return {
      ...pick(condition, ['type', 'status', 'reason', 'lastTransitionTime']),
      type: condition.type,
      status: condition.status,
      message: scrub(message ?? '', names),
      ...(observedGeneration !== undefined && { observedGeneration: seen }),
      ...(condition.type === 'ResolvedRefs' && condition.status === 'False' && ownWords(denials)),
    };
  });
}

/** What the translation of conditions must know. */
export interface ConditionParts {
  readonly host: KubeObject;
  readonly virtual: KubeObject;
  /** Names of the host, each with the tenant's. */
  readonly names: Replacements;
  /** What the syncer itself did not let pass. The host only sees that something does not exist. */
  readonly denials: readonly Denial[];
}

function ownWords([first]: readonly Denial[]): Pick<Condition, 'reason' | 'message'> | undefined {
  if (first === undefined) return undefined;
  return {
    reason: first.reason === 'RefNotPermitted' ? 'RefNotPermitted' : 'InvalidKind',
    message: first.message,
  };
}
