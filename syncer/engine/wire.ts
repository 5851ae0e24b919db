import type { KubeObject } from '../kube/types';
import { keyOf } from '../kube/types';
import { Controller, type ControllerReport } from './controller';
import { endTurn } from './host-gate';
import { KindSyncer, type KindSyncerDependencies } from './kind-syncer';
import { patchedKind } from './patching';

/** A kind at work: its controller, and every key that either side knows, for the patrol. */
export interface WiredKind {
  readonly controller: Controller;
  keys(): Iterable<string>;
  /** Brings one object in line now, for whoever can't go on without it. */
  reconcileNow(key: string, signal: AbortSignal): Promise<void>;
}

/** Ties a declared kind to its caches: whatever changes on either side is looked at. */
export function wireKind<V extends KubeObject, H extends KubeObject>(
  deps: KindSyncerDependencies<V, H>,
  report: ControllerReport,
): WiredKind {
  const { virtual, host, references, context, recorder } = deps;
  const kind = patchedKind(deps.kind, context.patches, recorder);
  const syncer = new KindSyncer({ ...deps, kind });
  const controller = new Controller({
    name: kind.resource.plural,
    report,
    reconcile: async (key, signal) => endTurn(host, key, await syncer.reconcile(key, signal)),
  });
  const track = (object: V, gone: boolean) => {
    if (kind.references === undefined) return;
    const { namespace = '' } = object.metadata;
    const referrer = `${kind.resource.plural}.${kind.resource.group} ${keyOf(object)}`;
    references.set(referrer, namespace, gone ? [] : kind.references(object));
  };
  for (const object of virtual.cache.list()) track(object, false);
  virtual.cache.subscribe((change) => {
    const object = change.kind === 'deleted' ? change.previous : change.object;
    track(object, change.kind === 'deleted');
    controller.enqueue(keyOf(object));
  });
  host.cache.subscribe((change) => {
    const key = syncer.virtualKeyOf(change.kind === 'deleted' ? change.previous : change.object);
    if (key !== undefined) controller.enqueue(key);
  });
  host.gate?.onRoom(host.resource, (key) => controller.enqueue(key));
  if (kind.trigger === 'referenced') references.onChange(kind.resource, (key) => controller.enqueue(key));
  return {
    controller,
    *keys() {
      for (const object of virtual.cache.list()) {
        const key = keyOf(object);
        const isWanted = references.isReferenced(kind.resource, key) || kind.wants?.(object) === true;
        if (kind.trigger === 'always' || isWanted) yield key;
      }
      for (const object of host.cache.list()) {
        const key = syncer.virtualKeyOf(object);
        if (key !== undefined && virtual.cache.get(key) === undefined) yield key;
      }
    },
    async reconcileNow(key, signal) {
      await syncer.reconcile(key, signal);
    },
  };
}
