import { isSelected } from '../engine/selected';
import type { ClusterContext } from '../engine/types';
import type { KubeObject } from '../kube/types';

/** A class of Ingresses or Gateways, as far as it is looked at. */
export interface TrafficClass extends KubeObject {
  readonly spec?: { readonly controller?: string; readonly controllerName?: string; readonly description?: string };
  readonly status?: { readonly conditions?: readonly object[]; readonly supportedFeatures?: readonly object[] };
}

/** On an IngressClass: Ingresses without a class get it. */
export const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';

/** Which class an Ingress gets on the host. */
export type ClassChoice =
  | { readonly kind: 'any' }
  | { readonly kind: 'class'; readonly name: string }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Which class an Ingress that names `name`, or none, gets on the host. Where classes are shown, only those can be used,
 * and one that names none gets the default among them: the host's own default may not be meant for tenants.
 */
export function chooseClass(
  name: string | undefined,
  ctx: ClusterContext,
  classes: () => readonly TrafficClass[],
): ClassChoice {
  const { enabled, selector } = ctx.sections.sync.fromHost.ingressClasses;
  if (!enabled) return name === undefined ? { kind: 'any' } : { kind: 'class', name };
  const shown = classes().filter((one) => isSelected(one, selector));
  const found = name === undefined ? newestDefault(shown) : shown.find(({ metadata }) => metadata.name === name);
  if (found?.metadata.name !== undefined) return { kind: 'class', name: found.metadata.name };
  const what = name === undefined ? 'no class is the default' : `the class ${JSON.stringify(name)} can't be used here`;
  return { kind: 'refused', why: `${what}: name one that \`kubectl get ingressclasses\` shows` };
}

/** Of several defaults Kubernetes takes the newest, and of those of one second the first by name. */
function newestDefault(classes: readonly TrafficClass[]): TrafficClass | undefined {
  const age = ({ metadata }: TrafficClass) => metadata.creationTimestamp ?? '';
  const name = ({ metadata }: TrafficClass) => metadata.name ?? '';
  return classes
    .filter(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true')
    .sort((a, b) => age(b).localeCompare(age(a)) || name(a).localeCompare(name(b)))[0];
}
