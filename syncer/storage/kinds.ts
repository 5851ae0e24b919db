import type { Declaration } from '../engine/declaration';
import { claims } from './claims/kind';
import { SHOWN_CLASSES } from './classes/shown';
import { ownStorageClasses } from './classes/to-host';
import { csiStorageCapacities } from './drivers/capacities';
import { csiNodes } from './drivers/nodes';
import { csiDrivers } from './drivers/shown';
import { SNAPSHOT_KINDS } from './snapshots/kinds';
import { volumeHandOver } from './volumes/hand-over';
import { volumesOfClaims } from './volumes/kinds';
import { volumeBinding, volumesToHost } from './volumes/own-kinds';

/** Claims, volumes, their classes and their snapshots. */
export const STORAGE_KINDS: readonly Declaration[] = [
  claims,
  volumesOfClaims,
  volumesToHost,
  volumeBinding,
  volumeHandOver,
  ownStorageClasses,
  ...SHOWN_CLASSES,
  ...SNAPSHOT_KINDS,
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
];
