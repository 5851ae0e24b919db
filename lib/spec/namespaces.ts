import * as z from 'zod';
import type { NamespacesSection } from '../contract';

/** In which host namespaces the objects of a virtual namespace lie. */
export type NamespacesOptions = Readonly<Record<string, never>>;

/** The schema of {@link NamespacesOptions}. */
export const namespacesSchema = z.strictObject({}).readonly();

/** Fills in the defaults. */
export function resolveNamespaces(_options: NamespacesOptions = {}): NamespacesSection {
  return { version: 1, mode: 'single' };
}
