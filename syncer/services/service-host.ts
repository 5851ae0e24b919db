import { NoRoom } from '../engine/host-gate';
import { applyChanges } from '../engine/kind-syncer';
import type { Side } from '../engine/side';
import { ApiError } from '../kube/api-error';
import { keyOf } from '../kube/types';
import type { HostAnswer, ServiceHost } from './admission';
import { conflictOf } from './allocation';
import type { Service } from './types';

/** The host's Services for admission. What it writes the engine sees at once, as both use the same side. */
export function serviceHost(side: Side<Service>): ServiceHost {
  const create = (service: Service): Promise<HostAnswer> =>
    answer(async () => {
      try {
        return { kind: 'done', service: await side.create(service) };
      } catch (error) {
        // The host allocates addresses before it looks whether the name is taken: by itself, it may be.
        const isTaken =
          error instanceof ApiError && (error.reason === 'AlreadyExists' || conflictOf(error) !== undefined);
        if (!isTaken) throw error;
        const existing = await side.fetch(keyOf(service));
        if (existing === undefined) throw error;
        return { kind: 'exists', service: existing };
      }
    });
  return {
    create,
    change: (existing, changes, desired) =>
      answer(async () => ({
        kind: 'done',
        service: await applyChanges(side, keyOf(existing), changes, existing, desired),
      })),
    replace: (existing, service) =>
      answer(async () => {
        const { uid } = existing.metadata;
        await side.delete(keyOf(existing), uid === undefined ? {} : { uid });
        return create(service);
      }),
  };
}

/** A write's outcome as a value: whether a refusal is the tenant's or our trouble is decided elsewhere. */
async function answer(write: () => Promise<HostAnswer>): Promise<HostAnswer> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof NoRoom) return { kind: 'noRoom', message: error.message };
    if (!(error instanceof ApiError)) return { kind: 'unreachable' };
    const { status, reason = '', message } = error;
    return { kind: 'refused', status, reason, message };
  }
}
