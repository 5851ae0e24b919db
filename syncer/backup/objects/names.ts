import { shortHash } from '../../../lib/contract';
import type { StoredObject } from './bucket';

/** Whose backup an object is. */
export interface BackupOwner {
  /** Name of the virtual cluster. */
  readonly cluster: string;
  /** UID of its namespace `kube-system`: two host clusters may use the same bucket for clusters of the same name. */
  readonly uid: string;
}

const SUFFIX = '.backup';

/** The beginning of the keys of all backups of one virtual cluster. */
export function backupPrefix(prefix: string, { cluster, uid }: BackupOwner): string {
  return `${prefix}${cluster}-${shortHash(uid)}-`;
}

/** The key of a backup: `<prefix>team-a-0123456789-20260102T030405Z.backup`. Keys in order are in order of time. */
export function backupKey(prefix: string, owner: BackupOwner, takenAt: Date): string {
  return `${backupPrefix(prefix, owner)}${takenAt.toISOString().replace(/[-:]|\.\d+/g, '')}${SUFFIX}`;
}

/** When the backup of this key was taken, or `undefined` where it is none of this virtual cluster. */
export function backupTime(key: string, prefix: string, owner: BackupOwner): Date | undefined {
  return timeAfter(key, backupPrefix(prefix, owner));
}

function timeAfter(key: string, start: string): Date | undefined {
  if (!key.startsWith(start)) return undefined;
  const [, day, time] = /^(\d{8})T(\d{6})Z\.backup$/.exec(key.slice(start.length)) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const [year, month, date] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)];
  const moment = new Date(`${year}-${month}-${date}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

/** When a backup of any virtual cluster of this name was taken, or `undefined` where the key is none of such a backup. */
export function timeInKey(key: string, prefix: string, cluster: string): Date | undefined {
  const [, uidHash] = /-([0-9a-f]{10})-\d{8}T\d{6}Z\.backup$/.exec(key) ?? [];
  return uidHash === undefined ? undefined : timeAfter(key, `${prefix}${cluster}-${uidHash}-`);
}

/** Which objects are more than are to be kept: the oldest, and only backups of this virtual cluster. */
export function superfluous(
  objects: readonly StoredObject[],
  prefix: string,
  owner: BackupOwner,
  keep: number,
): readonly string[] {
  const own = objects.filter(({ key }) => backupTime(key, prefix, owner) !== undefined).map(({ key }) => key);
  return own.sort().slice(0, Math.max(0, own.length - Math.max(1, keep)));
}
