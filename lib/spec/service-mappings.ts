import * as z from 'zod';
import type { ServicesSection } from '../contract';

/** Services that are known under given names on the other side. */
export type ServiceMappingsOptions = Readonly<Record<string, never>>;

/** The schema of {@link ServiceMappingsOptions}. */
export const serviceMappingsSchema = z.strictObject({}).readonly();

/** Fills in the defaults. */
export function resolveServiceMappings(_options: ServiceMappingsOptions = {}): ServicesSection {
  return { version: 1 };
}
