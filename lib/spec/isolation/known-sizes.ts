import type * as z from 'zod';
import { isMarker } from '../markers';

/** What of a declaration is looked at. */
interface Sized {
  readonly controlPlane?: unknown;
  readonly store?: unknown;
  readonly nodes?: unknown;
  readonly isolation?: { readonly quota?: unknown; readonly limits?: unknown } | { readonly level: 'off' } | undefined;
}

/**
 * A quota and bounds of containers leave room for the control plane on the host. So beside them its own sizes must be
 * known when the manifests are made.
 */
export function checkKnownSizes({ isolation, controlPlane, store, nodes }: Sized, context: z.RefinementCtx): void {
  if (isolation === undefined || !('quota' in isolation || 'limits' in isolation)) return;
  for (const { path, value } of laterSizes({ controlPlane, store, nodes }, [])) {
    context.addIssue({
      code: 'custom',
      path: [...path],
      input: value,
      message: 'must be known beside isolation.quota',
    });
  }
}

interface Place {
  readonly path: readonly string[];
  readonly value: unknown;
}

function laterSizes(value: unknown, path: readonly string[]): readonly Place[] {
  if (isMarker(value)) return isSize(path) ? [{ path, value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => laterSizes(inner, [...path, key]));
}

const SIZES: readonly string[] = ['store.persistence.size', 'controlPlane.replicas'];

/** Whether a place in a declaration is that of a size of the control plane: a container's, the store's volume's, the number of pods. */
export function isSize(path: readonly PropertyKey[]): boolean {
  const [option] = path;
  if (option !== 'controlPlane' && option !== 'store' && option !== 'nodes') return false;
  return path.includes('resources') || SIZES.includes(path.join('.'));
}
