import { isExempt, type PodSecurityExemptions } from './exemptions';
import { POD_SECURITY_CHECKS } from './table';
import type {
  Finder,
  PodSecurityCheck,
  PodSecurityLevel,
  PodSecurityVersion,
  PodSecurityViolation,
  SecuredPod,
} from './types';

/** How strictly pods are looked at. */
export interface PodSecurityOptions {
  /** `privileged` forbids nothing. */
  readonly level: 'privileged' | PodSecurityLevel;
  /** Whose form of the standards. A version after the newest known one is taken for the newest. @default latest */
  readonly version?: PodSecurityVersion;
  /** What passes nevertheless. @default nothing */
  readonly exempt?: PodSecurityExemptions;
}

/** Every field of a pod that the Pod Security Standards forbid, decided as upstream's admission does: none, and it may run. */
export function podSecurityViolations(
  pod: SecuredPod,
  { level, version = 'latest', exempt = {} }: PodSecurityOptions,
): readonly PodSecurityViolation[] {
  if (level === 'privileged') return [];
  return checksOf(level, version === 'latest' ? Number.POSITIVE_INFINITY : version.minor).flatMap(({ id, find }) =>
    find(pod).flatMap(({ field, problem, exemptible }) =>
      exemptible !== undefined && isExempt(exemptible, exempt)
        ? []
        : [{ check: id, level, field, message: `Pod Security "${level}": ${field}: ${problem}` }],
    ),
  );
}

type CheckInForce = Pick<PodSecurityCheck, 'id' | 'replaces'> & { readonly find: Finder };

function checksOf(level: PodSecurityLevel, minor: number): readonly CheckInForce[] {
  const inForce = POD_SECURITY_CHECKS.flatMap(({ forms, level: lowest, ...check }): readonly CheckInForce[] => {
    const form = forms.findLast(({ from }) => from <= minor);
    return form === undefined || (lowest === 'restricted' && level === 'baseline')
      ? []
      : [{ ...check, find: form.find }];
  });
  const replaced = new Set(inForce.map(({ replaces }) => replaces));
  return inForce.filter(({ id }) => !replaced.has(id));
}
