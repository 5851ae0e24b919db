import type { ResolvedSpec } from '../../lib/spec';
import { RESOURCES } from '../../syncer/kube/resources';
import type { KubeObject } from '../../syncer/kube/types';
import { admitted } from './admitted';
import { guarded } from './guarded';
import { isPod, kindOf, kindOfResource } from './kind-of';
import type { GivenObject } from './types';
import { claimsOf, isWorkload, podOf } from './workloads';

/** An object that may reach the host, and the given one that it comes from. */
export interface Entry {
  readonly given: GivenObject;
  /** Where it stands in the given object; `undefined` for that object itself. */
  readonly template?: string;
  /** As the virtual API server would hold it. */
  readonly virtual: KubeObject;
}

/**
 * Everything that the virtual cluster would hold of the given objects and of what its controllers make of them.
 * @param namespace of objects that name none
 */
export function entriesOf(given: readonly GivenObject[], spec: ResolvedSpec, namespace: string): readonly Entry[] {
  const placed = given.map((one) => ({ ...one, object: inNamespace(one.object, spec, namespace) }));
  const accounts = placed.map(({ object }) => object).filter((object) => kindOf(object) === 'ServiceAccount');
  return placed.flatMap((one) =>
    guarded(one, () => withMade(one).map((entry) => ({ ...entry, virtual: admitted(entry.virtual, spec, accounts) }))),
  );
}

function withMade(given: GivenObject): readonly Entry[] {
  const { object } = given;
  const pod = isWorkload(object) ? podOf(object) : isPod(object) ? { template: '', object } : undefined;
  if (pod === undefined) return [{ given, virtual: object }];
  const claims = claimsOf(object, pod).map(({ template, object: virtual }) => ({ given, template, virtual }));
  return [{ given, ...(pod.template !== '' && { template: pod.template }), virtual: pod.object }, ...claims];
}

function inNamespace(object: KubeObject, { sections }: ResolvedSpec, namespace: string): KubeObject {
  if (object.metadata.namespace !== undefined) return object;
  const kind = kindOf(object);
  const isCustom = sections['custom-resources'].toHost.some((rule) => kindOfResource(rule) === kind);
  const known = Object.values(RESOURCES).find((resource) => kindOfResource(resource) === kind);
  const isNamespaced = isCustom || isWorkload(object) || known?.namespaced === true;
  return isNamespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
}
