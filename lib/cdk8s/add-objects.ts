import { ApiObject, type ApiObjectProps, Chart, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Slot } from '../manifests';
import { type Filler, fill } from '../manifests/fill';
import { CLUSTER_SCOPED, refuseTwins } from './collisions';

/** Makes the objects children of a construct, called after their slots. No other object of the app may be one of them. */
export function addObjects(scope: Construct, slots: readonly Slot[], filler: Filler): readonly ApiObject[] {
  const chart = Chart.of(scope);
  const children = slots.map(({ slot, object }) => {
    const child = new ApiObject(scope, slot.replaceAll('/', '-'), fill(object, filler) as ApiObjectProps);
    if (CLUSTER_SCOPED.has(child.kind)) withoutNamespace(child, chart);
    return child;
  });
  refuseTwins(scope, children);
  return children;
}

/** cdk8s gives every object the chart's namespace, which the API server refuses on kinds that have none. */
function withoutNamespace(object: ApiObject, chart: Chart): void {
  if (chart.namespace !== undefined) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}
