import { ANNOTATIONS } from '../../lib/contract';

/** What the virtual store shows. */
export interface ObservedStore {
  /** UID of the virtual namespace `kube-system`: it is born with the store. */
  readonly clusterUid: string;
  /** resourceVersion of a fresh list. */
  readonly resourceVersion: string;
}

/** Annotations of the syncer's Lease, which remember what the store showed before. */
export type StoreMemory = { readonly [key: string]: string };

/**
 * Whether the virtual store is the one that the host's objects were made from.
 *
 * Absence in a store that was replaced by a blank one, or set back to an earlier state, is no wish to delete: where
 * `trusted` is false nothing is deleted on the host on the grounds of absence, until an operator says so.
 */
export type StoreIdentity =
  /** The first start: there is nothing to remember, and nothing on the host. */
  | { readonly kind: 'fresh'; readonly trusted: true; readonly remember: StoreMemory }
  | { readonly kind: 'same'; readonly trusted: true; readonly remember: StoreMemory }
  /** Another one, or an older state, and an operator accepted it. `forget`: annotations to remove, as they are used up. */
  | {
      readonly kind: 'accepted';
      readonly trusted: true;
      readonly remember: StoreMemory;
      readonly forget: readonly string[];
    }
  | {
      readonly kind: 'replaced' | 'restored-older';
      readonly trusted: false;
      readonly message: string;
      readonly hint: string;
    };

/** Decides about the virtual store at the syncer's start, and after each time that the API server was away. */
export function identifyStore(observed: ObservedStore, memory: StoreMemory): StoreIdentity {
  const { clusterUid, resourceVersion } = observed;
  const knownUid = memory[ANNOTATIONS.clusterUid];
  const highest = memory[ANNOTATIONS.highestResourceVersion];
  const remember = remembered(clusterUid, resourceVersion);
  if (knownUid === undefined) return { kind: 'fresh', trusted: true, remember };
  const other = knownUid !== clusterUid;
  const older = isBefore(resourceVersion, highest);
  if (!other && !older) return { kind: 'same', trusted: true, remember };
  if (memory[ANNOTATIONS.acceptStore] === clusterUid) {
    return { kind: 'accepted', trusted: true, remember, forget: [ANNOTATIONS.acceptStore] };
  }
  const hint = `If that is meant, annotate the syncer's Lease with ${ANNOTATIONS.acceptStore}=${clusterUid}.`;
  return other
    ? {
        kind: 'replaced',
        trusted: false,
        hint,
        message: `the virtual store is another one: its kube-system is ${clusterUid}, not ${knownUid}`,
      }
    : {
        kind: 'restored-older',
        trusted: false,
        hint,
        message: `the virtual store was set back: it is at ${resourceVersion}, and was at ${highest}`,
      };
}

/** The annotations that remember a store which has come to `resourceVersion`. */
export function remembered(clusterUid: string, resourceVersion: string): StoreMemory {
  return { [ANNOTATIONS.clusterUid]: clusterUid, [ANNOTATIONS.highestResourceVersion]: resourceVersion };
}

/** resourceVersions are numbers that grow; where one can't be read nothing is concluded from it. */
function isBefore(version: string, highest: string | undefined): boolean {
  if (highest === undefined || !/^\d+$/.test(version) || !/^\d+$/.test(highest)) return false;
  return BigInt(version) < BigInt(highest);
}
