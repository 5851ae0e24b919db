import { controlPlaneLabels } from '../contract';
import type { ResolvedSpec } from '../spec';

/** `metadata` of a namespaced object of the virtual cluster. */
export function metadata(spec: ResolvedSpec, name: string) {
  return { name, namespace: spec.namespace, labels: { ...controlPlaneLabels(spec.name) } };
}
