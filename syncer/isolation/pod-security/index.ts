export type { PodSecurityExemptions } from './exemptions';
export type {
  PodSecurityCheckId,
  PodSecurityLevel,
  PodSecurityVersion,
  PodSecurityViolation,
  SecuredPod,
} from './types';
export { type PodSecurityOptions, podSecurityViolations } from './violations';
