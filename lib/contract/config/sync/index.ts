import * as z from 'zod';
import { configFromHost, configToHost } from './config';
import { metadataSync } from './metadata';
import { networkFromHost, networkToHost } from './network';
import { podsToHost } from './pods';
import { storageFromHost, storageToHost } from './storage';
import { workloadsFromHost, workloadsToHost } from './workloads';

export type { MappedConfig } from './config';
export { VOLUME_SOURCES, type VolumeSourceKind } from './storage';

/** The section that says what crosses between the virtual cluster and the host. */
export const syncSection = z.strictObject({
  /** Version of this schema. */
  version: z.literal(1),
  toHost: z.strictObject({
    ...podsToHost,
    ...configToHost,
    ...storageToHost,
    ...networkToHost,
    ...workloadsToHost,
  }),
  fromHost: z.strictObject({ ...configFromHost, ...storageFromHost, ...networkFromHost, ...workloadsFromHost }),
  ...metadataSync,
});

/** The section that says what crosses between the virtual cluster and the host. */
export type SyncSection = z.infer<typeof syncSection>;
