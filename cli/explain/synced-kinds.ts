import { DECLARATIONS } from '../../syncer/app/declarations';
import { toHostConfigMap, toHostSecret, wantedConfig } from '../../syncer/config';
import type { SyncedKind } from '../../syncer/engine/kind';
import { patchedKind } from '../../syncer/engine/patching';
import type { SideRegistry } from '../../syncer/engine/side-registry';
import type { ClusterContext } from '../../syncer/engine/types';
import { RESOURCES } from '../../syncer/kube/resources';
import type { KubeObject } from '../../syncer/kube/types';
import { endpointSliceKind, endpointsKind, serviceKind } from '../../syncer/services/sync';
import type { Service } from '../../syncer/services/types';
import { kindOfResource } from './kind-of';

/** A kind as it is translated. */
export type ExplainedKind = SyncedKind<KubeObject, KubeObject>;

/** Every kind that the configuration copies to the host, pods aside, by its name in {@link kindOfResource}'s form. */
export function syncedKinds(context: ClusterContext, sides: SideRegistry): ReadonlyMap<string, ExplainedKind> {
  const declared = DECLARATIONS.flatMap((one) => (typeof one === 'function' ? one(context) : [one]));
  const kinds: readonly ExplainedKind[] = [
    ...alwaysSynced(context, sides),
    ...declared.flatMap((one) => (one.enabled(context) && one.copies ? [one.copies.kind(context, sides)] : [])),
  ];
  // Who looks only has no events to post.
  const nobody = { warn: () => {} };
  return new Map(kinds.map((kind) => [kindOfResource(kind.resource), patchedKind(kind, context.patches, nobody)]));
}

/** The kinds that every virtual cluster has, as `createControllers` in the syncer makes them. */
function alwaysSynced(context: ClusterContext, sides: SideRegistry): readonly ExplainedKind[] {
  const services = sides.virtual<Service>(RESOURCES.services);
  const lookup = { virtual: (key: string) => services.get(key), host: () => undefined };
  const { configMaps, secrets } = context.sections.sync.toHost;
  return [
    serviceKind(context),
    endpointsKind(context, lookup),
    endpointSliceKind(context, lookup),
    {
      resource: RESOURCES.configMaps,
      trigger: 'referenced',
      wants: wantedConfig(configMaps),
      translate: (virtual) => toHostConfigMap(virtual, context),
      changes: () => [],
    },
    {
      resource: RESOURCES.secrets,
      trigger: 'referenced',
      wants: wantedConfig(secrets),
      translate: (virtual) => toHostSecret(virtual, context),
      changes: () => [],
    },
  ];
}
