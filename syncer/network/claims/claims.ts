import type { Outcome } from '../../engine/kind';
import type { Side } from '../../engine/side';
import type { ClusterContext } from '../../engine/types';
import { ApiError } from '../../kube/api-error';
import type { Lease } from '../../kube/lease';
import { keyOf } from '../../kube/types';
import { type ClaimState, canonical, wildcardsAbove } from '../hostnames';
import { claimantOf, claimLease, claimName, type Standing, standing } from './lease';

/** The claims of one cluster to host names, in a namespace that all clusters of the host share. */
export class HostnameClaims {
  /** UIDs of Leases that were given back; the watch may still show them. */
  readonly #released = new Set<string>();
  readonly #claimant: string;

  constructor(
    private readonly leases: Side<Lease>,
    private readonly namespace: string,
    private readonly context: ClusterContext,
  ) {
    this.#claimant = claimantOf(context);
    leases.cache.subscribe((change) => {
      if (change.kind === 'deleted') this.#released.delete(change.previous.metadata.uid ?? '');
    });
  }

  /** How a host name stands for this cluster. */
  stateOf(hostname: string): ClaimState {
    const { state, own } = this.#standing(hostname);
    return state === 'ours' && this.#released.has(own?.metadata.uid ?? '') ? 'pending' : state;
  }

  /**
   * Claims a host name that is free, and gives back one that is no longer used, or that another cluster had first.
   * @throws ApiError when a request fails: the caller tries again
   */
  async reconcile(hostname: string, isUsed: boolean): Promise<Outcome> {
    const { state, own } = this.#standing(hostname);
    if (own !== undefined) return isUsed && state === 'ours' ? UNCHANGED : this.#release(own);
    if (!isUsed || state === 'taken') return UNCHANGED;
    try {
      await this.leases.create(claimLease(hostname, this.namespace, this.context));
      return { kind: 'created' };
    } catch (error) {
      // Somebody was first, or it is our own, just given back: the watch brings it.
      if (error instanceof ApiError && error.reason === 'AlreadyExists') return UNCHANGED;
      throw error;
    }
  }

  async #release(own: Lease): Promise<Outcome> {
    const { uid = '' } = own.metadata;
    if (this.#released.has(uid)) return UNCHANGED;
    this.#released.add(uid);
    try {
      await this.leases.delete(keyOf(own), { uid });
    } catch (error) {
      this.#released.delete(uid);
      throw error;
    }
    return { kind: 'deleted' };
  }

  /** By the watch alone: what was just written does not tell what others have written before. */
  #standing(hostname: string): Standing {
    const { cache } = this.leases;
    const name = canonical(hostname);
    if (name.startsWith('*.')) return standing(name, cache.list(), this.#claimant);
    const known = [name, ...wildcardsAbove(name)].map((one) => cache.get(`${this.namespace}/${claimName(one)}`));
    const leases = known.filter((lease) => lease !== undefined);
    return standing(name, leases, this.#claimant);
  }
}

const UNCHANGED: Outcome = { kind: 'unchanged' };
