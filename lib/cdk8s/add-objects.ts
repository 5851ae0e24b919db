import { ApiObject, type ApiObjectProps, Chart, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Slot } from '../manifests';
import { type Filler, fill } from '../manifests/fill';

/** Makes the objects children of a construct, called after their slots. */
export function addObjects(scope: Construct, slots: readonly Slot[], filler: Filler): readonly ApiObject[] {
  const chart = Chart.of(scope);
  return slots.map(({ slot, object }) => {
    const child = new ApiObject(scope, slot.replaceAll('/', '-'), fill(object, filler) as ApiObjectProps);
    if (CLUSTER_SCOPED.has(child.kind)) withoutNamespace(child, chart);
    return child;
  });
}

/** The kinds without a namespace that a virtual cluster can have. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set(['Namespace', 'ClusterRole', 'ClusterRoleBinding']);

/** cdk8s gives every object the chart's namespace, which the API server refuses on kinds that have none. */
function withoutNamespace(object: ApiObject, chart: Chart): void {
  if (chart.namespace !== undefined) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}
