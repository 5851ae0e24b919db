import type { Declaration } from '../engine/declaration';
import { claims } from './claims/kind';
import { volumesOfClaims } from './volumes/kinds';

/** Claims, volumes, their classes and their snapshots. */
export const STORAGE_KINDS: readonly Declaration[] = [claims, volumesOfClaims];
