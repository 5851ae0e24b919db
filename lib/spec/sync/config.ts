import * as z from 'zod';

/** How ConfigMaps or Secrets are copied to the host. */
export interface CopiedConfig {
  /**
   * Whether all of them are copied, or only those that something on the host refers to.
   * @default false
   */
  readonly all?: boolean;
}

/** What `sync.toHost` says about ConfigMaps and Secrets. */
export interface ConfigToHost {
  readonly configMaps?: CopiedConfig;
  readonly secrets?: CopiedConfig;
}

const copied = z.strictObject({ all: z.boolean().optional() }).readonly().optional();

/** The schema of {@link ConfigToHost}, field by field. */
export const configToHostShape = { configMaps: copied, secrets: copied } as const;

/** Fills in the defaults. */
export function resolveConfigToHost({ configMaps, secrets }: ConfigToHost) {
  return { configMaps: { all: configMaps?.all ?? false }, secrets: { all: secrets?.all ?? false } };
}
