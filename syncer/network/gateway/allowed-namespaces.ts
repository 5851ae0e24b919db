import type { StringMap } from '../../engine/metadata';
import { hostNamespaceOf } from '../../engine/placement';
import type { ClusterContext } from '../../engine/types';
import { selects } from '../selects';
import type { GatewaySurroundings } from './surroundings';
import type { AllowedRoutes } from './types';

/** Whether a listener of a Gateway in `own` takes routes from the virtual namespace `name`. */
export function takesRoutesFrom(
  allowed: AllowedRoutes | undefined,
  own: string,
  name: string,
  labels: StringMap,
): boolean {
  const { from = 'Same', selector } = allowed?.namespaces ?? {};
  if (from === 'All') return true;
  if (from === 'Selector') return selector !== undefined && selects(selector, labels);
  return from === 'Same' && own === name;
}

/**
 * What a listener must say on the host, so that the routes that it takes in the virtual cluster can be attached. Where
 * all lie in one host namespace that is the own one: which routes belong is decided before they are copied.
 */
export function hostAllowedNamespaces(
  allowed: AllowedRoutes | undefined,
  own: string,
  ctx: ClusterContext,
  { namespaces }: Pick<GatewaySurroundings, 'namespaces'>,
): NonNullable<AllowedRoutes['namespaces']> {
  const home = hostNamespaceOf(own, ctx);
  const hosts = new Set<string>();
  for (const { name, labels } of namespaces()) {
    if (takesRoutesFrom(allowed, own, name, labels)) hosts.add(hostNamespaceOf(name, ctx));
  }
  if ([...hosts].every((host) => host === home)) return { from: 'Same' };
  const values = [...hosts].sort();
  const key = 'kubernetes.io/metadata.name';
  return { from: 'Selector', selector: { matchExpressions: [{ key, operator: 'In', values }] } };
}
