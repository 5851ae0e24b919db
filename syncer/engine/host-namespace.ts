import { safeConcat } from '../../lib/contract';
import type { ClusterContext } from './types';

/** Where the objects of a virtual namespace lie on the host. */
export type HostNamespace =
  /** In the host namespace of the virtual cluster, under names that tell where they belong. */
  | { readonly kind: 'shared' }
  /** In a host namespace of their own, under their own names. `named`: the declaration names it in full. */
  | { readonly kind: 'own'; readonly name: string; readonly named: boolean }
  /** Nowhere. */
  | { readonly kind: 'none' };

/** Holds the DNS of the virtual cluster, so that it always has a place. */
const SYSTEM_NAMESPACE = 'kube-system';

/** Where the objects of a virtual namespace lie. A full name goes before a beginning, a longer one before a shorter. */
export function hostNamespaceFor(virtual: string, { sections }: Pick<ClusterContext, 'sections'>): HostNamespace {
  const { namespaces } = sections;
  if (namespaces.mode === 'single') return { kind: 'shared' };
  const exact = namespaces.mappings.find((mapping) => mapping.virtual === virtual);
  if (exact !== undefined) return { kind: 'own', name: exact.host, named: true };
  const [longest] = namespaces.mappings
    .filter((mapping) => mapping.virtual.endsWith('*') && virtual.startsWith(mapping.virtual.slice(0, -1)))
    .sort((a, b) => b.virtual.length - a.virtual.length);
  if (longest !== undefined) {
    const rest = virtual.slice(longest.virtual.length - 1);
    return { kind: 'own', name: safeConcat(`${longest.host.slice(0, -1)}${rest}`), named: false };
  }
  return namespaces.unmapped === 'single' || virtual === SYSTEM_NAMESPACE ? { kind: 'shared' } : { kind: 'none' };
}

/** Whether the objects of the virtual cluster may lie in several host namespaces. */
export function spansNamespaces({ sections }: Pick<ClusterContext, 'sections'>): boolean {
  return sections.namespaces.mode === 'mapped';
}
