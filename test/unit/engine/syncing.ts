import { hostName } from '../../../lib/contract';
import { type ConfigMap, configChanges, toHostConfigMap, withoutData } from '../../../syncer/config';
import { AbsenceGuard } from '../../../syncer/engine/absence';
import type { HostGate } from '../../../syncer/engine/host-gate';
import type { SyncedKind } from '../../../syncer/engine/kind';
import { KindSyncer } from '../../../syncer/engine/kind-syncer';
import { createRecorder } from '../../../syncer/engine/recorder';
import { ReferenceIndex } from '../../../syncer/engine/references';
import { Side } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { KubeObject } from '../../../syncer/kube/types';
import { ARTICLE } from './context';
import { MemoryApi } from './memory-api';

export const signal: AbortSignal = new AbortController().signal;
export const { configMaps } = RESOURCES;
export const KEY = 'shop/web';
export const HOST_KEY = `${ARTICLE.hostNamespace}/${hostName('web', 'shop', ARTICLE.cluster)}`;
export const WEB: ConfigMap = { metadata: { name: 'web', namespace: 'shop' }, data: { color: 'red' } };

/** ConfigMaps at work between two API servers. */
export function syncing(wishes: Partial<SyncedKind<ConfigMap, ConfigMap>> = {}, gate?: HostGate) {
  const virtual = new MemoryApi('virtual');
  const host = new MemoryApi('host');
  const referenced = wishes.trigger === 'referenced';
  const metadataOnly = ({ metadata }: ConfigMap): ConfigMap => ({ metadata });
  const virtualCache = virtual.cache<ConfigMap>(configMaps, referenced ? { transform: metadataOnly } : {});
  const hostCache = host.cache<ConfigMap>(configMaps, { transform: withoutData });
  const absence = new AbsenceGuard(virtual, () => undefined);
  absence.watch([virtualCache]);
  const references = new ReferenceIndex();
  const refer = () => references.set('pod a', 'shop', [{ resource: configMaps, name: 'web', optional: false }]);
  const syncer = new KindSyncer<ConfigMap, ConfigMap>({
    kind: {
      resource: configMaps,
      trigger: 'always',
      translate: (object) => toHostConfigMap(object, ARTICLE),
      changes: configChanges,
      ...wishes,
    },
    context: ARTICLE,
    virtual: new Side(virtualCache, virtual, referenced ? metadataOnly : undefined),
    host: new Side(hostCache, host, withoutData, gate),
    absence,
    references,
    recorder: createRecorder(
      virtual,
      () => undefined,
      () => virtual.now,
    ),
    now: () => virtual.now,
  });
  const reconcile = () => syncer.reconcile(KEY, signal);
  const copy = () => host.peek<ConfigMap>(configMaps, HOST_KEY);
  const warnings = () =>
    virtual
      .keys(RESOURCES.events)
      .map((key) => virtual.peek<KubeObject & { reason: string }>(RESOURCES.events, key)?.reason);
  return { virtual, host, virtualCache, hostCache, absence, references, refer, syncer, reconcile, copy, warnings };
}

/** As {@link syncing}, with `shop/web` copied and nothing left to do. */
export async function synced(wishes: Partial<SyncedKind<ConfigMap, ConfigMap>> = {}) {
  const both = syncing(wishes);
  both.virtual.put(configMaps, WEB);
  if (wishes.trigger === 'referenced') both.refer();
  expect(await both.reconcile()).toEqual({ kind: 'created' });
  await both.absence.checkStore(signal);
  both.virtual.take();
  both.host.take();
  return both;
}
