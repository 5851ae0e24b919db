import * as z from 'zod';
import type { CustomResourcesSection } from '../contract';

/** Custom resources that cross, and changes on the way. */
export type CustomResourcesOptions = Readonly<Record<string, never>>;

/** The schema of {@link CustomResourcesOptions}. */
export const customResourcesSchema = z.strictObject({}).readonly();

/** Fills in the defaults. */
export function resolveCustomResources(_options: CustomResourcesOptions = {}): CustomResourcesSection {
  return { version: 1 };
}
