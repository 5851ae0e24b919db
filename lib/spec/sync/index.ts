import * as z from 'zod';
import type { SyncSection } from '../../contract';
import {
  type ConfigFromHost,
  type ConfigToHost,
  configFromHostShape,
  configToHostShape,
  resolveConfigFromHost,
  resolveConfigToHost,
} from './config';
import { type MetadataSync, metadataShape, resolveMetadata } from './metadata';
import {
  type NetworkFromHost,
  type NetworkToHost,
  networkFromHostShape,
  networkToHostShape,
  resolveNetworkFromHost,
  resolveNetworkToHost,
} from './network';
import { inOneDirection } from './one-direction';
import { type PodsToHost, podsToHostShape, resolvePodsToHost } from './pods';
import {
  resolveStorageFromHost,
  resolveStorageToHost,
  type StorageFromHost,
  type StorageToHost,
  storageFromHostShape,
  storageToHostShape,
  withClaims,
} from './storage';
import {
  resolveWorkloadsFromHost,
  resolveWorkloadsToHost,
  type WorkloadsFromHost,
  type WorkloadsToHost,
  workloadsFromHostShape,
  workloadsToHostShape,
} from './workloads';

/** What is copied from the virtual cluster to the host. */
export interface ToHostOptions<Text = string, Count = number, Switch = boolean>
  extends PodsToHost<Text, Switch>,
    ConfigToHost<Switch>,
    StorageToHost,
    NetworkToHost,
    WorkloadsToHost<Count, Switch> {}

/** What is copied from the host to the virtual cluster. */
export interface FromHostOptions<Text = string>
  extends ConfigFromHost,
    StorageFromHost<Text>,
    NetworkFromHost<Text>,
    WorkloadsFromHost<Text> {}

/** What crosses between the virtual cluster and the host. Pods, Services and what they need always do. */
export interface SyncOptions<Text = string, Count = number, Switch = boolean> extends MetadataSync<Text> {
  /** What is copied to the host. @default - pods, Services and what they need */
  readonly toHost?: ToHostOptions<Text, Count, Switch>;
  /** What of the host is shown. @default - nothing but what belongs to copies */
  readonly fromHost?: FromHostOptions<Text>;
}

/** The schema of {@link SyncOptions}. */
export const syncSchema = z
  .strictObject({
    toHost: z
      .strictObject({
        ...podsToHostShape,
        ...configToHostShape,
        ...storageToHostShape,
        ...networkToHostShape,
        ...workloadsToHostShape,
      })
      .readonly()
      .optional(),
    fromHost: z
      .strictObject({
        ...configFromHostShape,
        ...storageFromHostShape,
        ...networkFromHostShape,
        ...workloadsFromHostShape,
      })
      .readonly()
      .optional(),
    ...metadataShape,
  })
  .superRefine(inOneDirection)
  .superRefine(withClaims)
  .readonly();

/** Fills in the defaults. */
export function resolveSync({ toHost = {}, fromHost = {}, ...metadata }: SyncOptions = {}): SyncSection {
  return {
    version: 1,
    toHost: {
      ...resolvePodsToHost(toHost),
      ...resolveConfigToHost(toHost),
      ...resolveStorageToHost(toHost),
      ...resolveNetworkToHost(toHost),
      ...resolveWorkloadsToHost(toHost),
    },
    fromHost: {
      ...resolveConfigFromHost(fromHost),
      ...resolveStorageFromHost(fromHost),
      ...resolveNetworkFromHost(fromHost),
      ...resolveWorkloadsFromHost(fromHost),
    },
    ...resolveMetadata(metadata),
  };
}
