import { SubletError } from '../../../../lib/contract';
import { apiErrorOfAnswer } from '../../../../syncer/kube/api-error';
import type { LeaderElectionOptions } from '../../../../syncer/kube/leader-election';
import type { Lease } from '../../../../syncer/kube/lease';
import type { KubeObject } from '../../../../syncer/kube/types';
import { failure } from './loopback';
import type { ManualClock } from './manual-clock';

/** The one lease of a server, with its rule that a write must know the version that it replaces. */
export class LeaseServer {
  lease: Lease | undefined;
  readonly requests: string[] = [];
  /** Cuts off those identities from the server. */
  readonly cutOff = new Set<string>();
  /** Requests hang until they are called off or time out. */
  hang = false;
  #version = 0;

  clientOf(identity: string, clock: ManualClock): LeaderElectionOptions['client'] {
    const reach = async (verb: string, options: { signal?: AbortSignal; timeoutMs?: number } = {}): Promise<void> => {
      this.requests.push(`${identity} ${verb}`);
      if (options.signal?.aborted) throw new SubletError('INTERRUPTED', 'called off');
      if (this.cutOff.has(identity)) throw new SubletError('API_UNREACHABLE', 'cut off');
      if (!this.hang) return;
      await new Promise<void>((_, reject) => {
        const end = () => reject(new SubletError('API_UNREACHABLE', 'too slow'));
        clock.after(options.timeoutMs ?? 0, end);
        options.signal?.addEventListener('abort', end);
      });
    };
    return {
      get: async <T extends KubeObject>(_: unknown, __: unknown, ___: string, options = {}) => {
        await reach('get', options);
        return structuredClone(this.lease) as T | undefined;
      },
      create: async (_, __, object, options) => {
        await reach('create', options);
        if (this.lease) throw refused(409, 'AlreadyExists');
        return this.#store(object);
      },
      update: async (_, object, options) => {
        await reach('update', options);
        if (!this.lease) throw refused(404, 'NotFound');
        if (this.lease.metadata.resourceVersion !== object.metadata.resourceVersion) throw refused(409, 'Conflict');
        return this.#store(object);
      },
    };
  }

  /** Somebody else edits the lease. */
  edit(change: (lease: Lease) => Lease): void {
    if (this.lease) this.#store(change(this.lease));
  }

  #store<T extends KubeObject>(object: T): T {
    this.#version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    this.lease = stored;
    return structuredClone(stored);
  }
}

function refused(status: number, reason: string): Error {
  return apiErrorOfAnswer({ method: 'PUT', path: '/lease' }, { status, body: JSON.stringify(failure(status, reason)) });
}
