import { SubletError } from '../../lib/contract';
import type { Cache, KubeObject, ObjectKey, Resource } from '../kube/types';
import type { Outcome } from './kind';

/** Room that is kept for one write to the host while that is under way. */
export interface Hold<T extends KubeObject> {
  /** The host has taken the write, and this is what it holds now. */
  settle(written: T): void;
  /** The write did not happen. Does nothing once it is settled. */
  release(): void;
}

/** Decides how much the host may hold of a virtual cluster. All writes of all kinds pass through the same one. */
export interface HostGate {
  /** Counts what this cache holds from now on. */
  follow<T extends KubeObject>(cache: Cache<T>): void;
  /**
   * Keeps room for what an object is about to become; undefined where it takes none.
   * @throws NoRoom when there is none. The object's turn comes with what {@link onRoom} was given.
   */
  hold<T extends KubeObject>(resource: Resource, becomes: T): Hold<T> | undefined;
  /** Whom to tell, of one kind, when there is room for an object (by its virtual key) that found none. */
  onRoom(resource: Resource, tell: (key: ObjectKey) => void): void;
  /** Waits no longer for room for a virtual object: it is gone, or asks for no more than it has. */
  forget(resource: Resource, key: ObjectKey): void;
}

/** The reason of events about {@link NoRoom}. */
export const QUOTA_EXCEEDED = 'QuotaExceeded';

/** An object does not fit into what the virtual cluster may hold. The message is for the tenant. */
export class NoRoom extends SubletError {
  override readonly name = 'NoRoom';

  constructor(message: string) {
    super('QUOTA_EXCEEDED', message);
  }
}

/** Ends the turn of an object: whatever it was about, only one that still finds no room goes on waiting for it. */
export function endTurn(
  host: { readonly gate?: HostGate | undefined; readonly resource: Resource },
  key: ObjectKey,
  outcome: Outcome,
): Outcome {
  if (outcome.kind !== 'refused' || outcome.reason !== QUOTA_EXCEEDED) host.gate?.forget(host.resource, key);
  return outcome;
}
