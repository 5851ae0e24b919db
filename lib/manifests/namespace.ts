import type { Namespace } from 'kubernetes-types/core/v1';
import { controlPlaneLabels } from '../contract';
import type { ResolvedSpec } from '../spec';
import type { Slot } from './slot';

/** The host namespace, unless it is said to exist. */
export function namespaceSlots(spec: ResolvedSpec): readonly Slot[] {
  if (!spec.createNamespace) return [];
  const object = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: spec.namespace, labels: { ...controlPlaneLabels(spec.name) } },
  } satisfies Namespace;
  return [{ slot: 'namespace', object }];
}
