import * as z from 'zod';
import type { ImageRules } from '../../contract';
import { plainText } from '../fields';
import { RULES } from '../rules';

/** Which images tenants may run. */
export interface ImageIsolation {
  /**
   * Registries, or registries with a path, from which the host may pull: `registry.example.com/team-a`. It counts what
   * the host pulls, after `sync.toHost.pods.translateImages`. An image without a registry is one of `docker.io`, and one
   * without a path of `docker.io/library`.
   * @default - all
   */
  readonly registries?: readonly string[];
}

/** The schema of {@link ImageIsolation}. */
export const imageIsolationSchema = z
  .strictObject({
    registries: z.array(plainText(RULES.registry)).min(1, 'must name at least one registry').readonly().optional(),
  })
  .readonly();

/** Fills in the defaults. */
export function resolveImageIsolation({ registries }: ImageIsolation = {}): ImageRules {
  return registries === undefined ? {} : { registries: [...registries] };
}
