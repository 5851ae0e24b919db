import { inAllSecurityContexts } from '../containers';
import type { Finder } from '../types';
import { notAllowed } from '../wording';

/** How pods chose a profile before they had a field for it; nodes still heed it. */
const ANNOTATION_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';
const TYPES: readonly string[] = ['RuntimeDefault', 'Localhost'];

/** AppArmor may be given another profile of the node, and may not be switched off. */
export const appArmor: Finder = (pod) => [
  ...inAllSecurityContexts(pod, 'appArmorProfile', ({ type = '' }, path) =>
    TYPES.includes(type) ? [] : [{ field: `${path}.type`, problem: notAllowed(type, TYPES) }],
  ),
  ...Object.entries(pod.metadata.annotations ?? {}).flatMap(([key, value]) =>
    key.startsWith(ANNOTATION_PREFIX) && !allowedAnnotation(value)
      ? [{ field: `metadata.annotations['${key}']`, problem: notAllowed(value, ['runtime/default', 'localhost/…']) }]
      : [],
  ),
];

function allowedAnnotation(value: string): boolean {
  return value === '' || value === 'runtime/default' || value.startsWith('localhost/');
}
