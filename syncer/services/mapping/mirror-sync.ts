import type { Outcome } from '../../engine/kind';
import { applyChanges } from '../../engine/kind-syncer';
import type { Side } from '../../engine/side';
import { ApiError } from '../../kube/api-error';
import type { KubeObject, ObjectKey } from '../../kube/types';
import { keyOf } from '../../kube/types';
import type { EndpointSlice, Service } from '../types';
import {
  type MirrorTarget,
  mirroredService,
  mirroredServiceChanges,
  mirroredSlice,
  mirroredSliceChanges,
  SERVICE_NAME,
} from './mirror';

/** What stands for a Service on the other side, as far as it is known now. */
export type MirrorSource =
  | { readonly kind: 'found'; readonly service: Service; readonly slices: readonly EndpointSlice[] }
  /** It is certain that there is none. */
  | { readonly kind: 'gone' }
  /** It is not there, but that may be an error: nothing is removed. */
  | { readonly kind: 'unconfirmed' };

/** One mapping at work. */
export interface Mirror {
  /** Looks up the Service that is stood for. */
  source(signal: AbortSignal): Promise<MirrorSource>;
  /** Where the standing-in Service lies, with the marks that it is to carry. */
  target(source: Service): MirrorTarget;
  readonly targetKey: ObjectKey;
  readonly services: Side<Service>;
  readonly slices: Side<EndpointSlice>;
  /** Whether an object at the target carries this mapping's marks. */
  isOurs(object: KubeObject): boolean;
  /** Makes sure that the target's namespace is there. */
  prepare(): Promise<void>;
  /** Tells whoever can help that the target's name is taken. */
  taken(existing: Service, source: Service): void;
}

/**
 * Brings the standing-in Service and its slices in line with what they stand for.
 * @throws ApiError | SubletError when a request fails: the caller tries again
 */
export async function reconcileMirror(mirror: Mirror, signal: AbortSignal): Promise<Outcome> {
  const { services, targetKey } = mirror;
  const source = await mirror.source(signal);
  const current = services.get(targetKey);
  if (source.kind === 'unconfirmed') return { kind: 'unconfirmed' };
  if (source.kind === 'gone') {
    if (current === undefined || !mirror.isOurs(current)) return { kind: 'unchanged' };
    await remove(services, current);
    await Promise.all(slicesOf(mirror).map((slice) => remove(mirror.slices, slice)));
    return { kind: 'deleted' };
  }
  const target = mirror.target(source.service);
  const desired = mirroredService(source.service, target);
  const service = await bringService(mirror, desired, current);
  if (service.kind !== 'there') return reported(mirror, service, source.service);
  const wanted =
    desired.spec?.type === 'ExternalName' ? [] : source.slices.map((slice) => mirroredSlice(slice, target));
  const slices = await bringSlices(mirror, wanted);
  if (slices === 'taken') return { kind: 'conflict', reason: 'NameTaken' };
  if (service.created) return { kind: 'created' };
  return { kind: service.written || slices === 'written' ? 'patched' : 'unchanged' };
}

type Brought =
  | { readonly kind: 'there'; readonly created: boolean; readonly written: boolean }
  | { readonly kind: 'recreating'; readonly reason: string }
  | { readonly kind: 'taken'; readonly existing: Service };

async function bringService(mirror: Mirror, desired: Service, cached: Service | undefined): Promise<Brought> {
  const { services, targetKey } = mirror;
  let current = cached;
  if (current === undefined) {
    await mirror.prepare();
    try {
      await services.create(desired);
      return { kind: 'there', created: true, written: true };
    } catch (error) {
      current = isAlreadyExists(error) ? await services.fetch(targetKey) : undefined;
      if (current === undefined) throw error;
    }
  }
  if (!mirror.isOurs(current)) return { kind: 'taken', existing: current };
  const changes = mirroredServiceChanges(desired, current);
  const recreate = changes.find((change) => change.kind === 'recreate');
  if (recreate?.kind === 'recreate') {
    await remove(services, current);
    return { kind: 'recreating', reason: recreate.reason };
  }
  await applyChanges(services, targetKey, changes, current);
  return { kind: 'there', created: false, written: changes.length > 0 };
}

/** Slices that are no longer wanted go last, so that the Service is never without an address in between. */
async function bringSlices(mirror: Mirror, wanted: readonly EndpointSlice[]): Promise<'written' | 'known' | 'taken'> {
  const { slices, isOurs } = mirror;
  const existing = new Map(slicesOf(mirror).map((slice) => [keyOf(slice), slice]));
  let [written, taken] = [false, false];
  for (const desired of wanted) {
    const key = keyOf(desired);
    const current = existing.get(key) ?? slices.get(key);
    existing.delete(key);
    if (current !== undefined && !isOurs(current)) {
      taken = true;
      continue;
    }
    const changes = current === undefined ? [] : mirroredSliceChanges(desired, current);
    if (current === undefined) await slices.create(desired);
    else if (changes.some(({ kind }) => kind === 'recreate')) await remove(slices, current);
    else await applyChanges(slices, key, changes, current);
    written ||= current === undefined || changes.length > 0;
  }
  await Promise.all([...existing.values()].map((slice) => remove(slices, slice)));
  if (taken) return 'taken';
  return written || existing.size > 0 ? 'written' : 'known';
}

function slicesOf({ slices, targetKey, isOurs }: Mirror): readonly EndpointSlice[] {
  return slices.cache.list().filter((slice) => {
    const { namespace, labels = {} } = slice.metadata;
    return `${namespace}/${labels[SERVICE_NAME]}` === targetKey && isOurs(slice);
  });
}

function reported(mirror: Mirror, brought: Exclude<Brought, { kind: 'there' }>, source: Service): Outcome {
  if (brought.kind === 'recreating') return brought;
  mirror.taken(brought.existing, source);
  return { kind: 'conflict', reason: 'NameTaken' };
}

async function remove<T extends KubeObject>(side: Side<T>, object: T): Promise<void> {
  const { uid, deletionTimestamp } = object.metadata;
  if (uid !== undefined && deletionTimestamp === undefined) await side.delete(keyOf(object), { uid });
}

function isAlreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'AlreadyExists';
}
