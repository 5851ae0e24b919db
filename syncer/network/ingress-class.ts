import { isSelected } from '../engine/selected';
import type { ClusterContext } from '../engine/types';
import { isolationOf, quoted } from '../isolation/rules';
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
 * Which class an Ingress that names `name`, or none, gets on the host: one that is shown, or that isolation offers. One
 * that names none gets the default among them, as the host's own default may not be meant for tenants. Only where neither
 * is declared, and nothing is isolated, any class can be used.
 */
export function chooseClass(
  name: string | undefined,
  ctx: ClusterContext,
  classes: () => readonly TrafficClass[],
): ClassChoice {
  const { enabled, selector } = ctx.sections.sync.fromHost.ingressClasses;
  const offer = isolationOf(ctx)?.classes.ingress;
  if (!enabled && offer === undefined) return name === undefined ? { kind: 'any' } : { kind: 'class', name };
  const offered = name === undefined ? offer?.default : offer?.allowed.find((one) => one === name);
  if (offered !== undefined) return { kind: 'class', name: offered };
  if (!enabled) return { kind: 'refused', why: notOffered(name) };
  const shown = classes().filter((one) => isSelected(one, selector));
  const found = name === undefined ? newestDefault(shown) : shown.find(({ metadata }) => metadata.name === name);
  if (found?.metadata.name !== undefined) return { kind: 'class', name: found.metadata.name };
  const what = name === undefined ? 'no class is the default' : `the class ${JSON.stringify(name)} can't be used here`;
  return { kind: 'refused', why: `${what}: name one that \`kubectl get ingressclasses\` shows` };
}

/** Without classes that are shown a tenant can only ask. */
function notOffered(name: string | undefined): string {
  return name === undefined
    ? 'no class is named, and this cluster has no default'
    : `the class ${quoted(name)} can't be used here`;
}

/** Of several defaults Kubernetes takes the newest, and of those of one second the first by name. */
function newestDefault(classes: readonly TrafficClass[]): TrafficClass | undefined {
  const age = ({ metadata }: TrafficClass) => metadata.creationTimestamp ?? '';
  const name = ({ metadata }: TrafficClass) => metadata.name ?? '';
  return classes
    .filter(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true')
    .sort((a, b) => age(b).localeCompare(age(a)) || name(a).localeCompare(name(b)))[0];
}
