import type { Namespace } from 'kubernetes-types/core/v1';
import { controlPlaneLabels, POD_SECURITY_LABEL } from '../contract';
import type { ResolvedSpec } from '../spec';
import type { Slot } from './slot';

/** The host namespace, unless it is said to exist, with the Pod Security Standard that it demands of all its pods. */
export function namespaceSlots(spec: ResolvedSpec): readonly Slot[] {
  if (!spec.createNamespace) return [];
  const { admission } = spec;
  const podSecurity = admission === 'none' ? {} : { [POD_SECURITY_LABEL]: admission };
  const object = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: spec.namespace, labels: { ...controlPlaneLabels(spec.name), ...podSecurity } },
  } satisfies Namespace;
  return [{ slot: 'namespace', object }];
}
