import { customResources } from './custom-resources';
import { fromHostConfig } from './from-host-config';
import { nodesRule } from './nodes';
import { patchesOf } from './patches-rule';
import { asIs, texts } from './readers';
import { always, feature, group, moved, type Rule } from './rules';
import { isTree } from './tree';

const selector = (name: string): Rule =>
  group({
    matchLabels: moved(`sync.fromHost.${name}.selector.matchLabels`, texts),
    matchExpressions: moved(`sync.fromHost.${name}.selector.matchExpressions`, asIs),
  });

const shown = (name: string, byDefault: false | 'auto'): Rule => {
  const rule = group({
    enabled: moved(`sync.fromHost.${name}.enabled`, asIs, byDefault),
    selector: selector(name),
    patches: patchesOf,
  });
  return (value, from, draft) => {
    rule(value, from, draft);
    // Here a selector alone switches a kind on, which it does not in vCluster.
    const off = isTree(value) && value.enabled !== true && draft.get(['sync', 'fromHost', name, 'selector']);
    if (off) draft.imply(['sync', 'fromHost', name, 'enabled'], false);
  };
};

/** `sync.fromHost`. */
export const syncFromHost: Rule = group({
  events: group({
    enabled: always(true, 'events of pods and Services always show', 'events always show'),
    patches: patchesOf,
  }),
  nodes: nodesRule,
  configMaps: fromHostConfig('configMaps'),
  secrets: fromHostConfig('secrets'),
  storageClasses: shown('storageClasses', 'auto'),
  csiDrivers: shown('csiDrivers', 'auto'),
  csiNodes: shown('csiNodes', 'auto'),
  csiStorageCapacities: shown('csiStorageCapacities', 'auto'),
  volumeSnapshotClasses: shown('volumeSnapshotClasses', false),
  ingressClasses: shown('ingressClasses', false),
  gatewayClasses: shown('gatewayClasses', false),
  runtimeClasses: shown('runtimeClasses', false),
  priorityClasses: shown('priorityClasses', false),
  deviceClasses: shown('deviceClasses', false),
  gateways: feature(
    'Gateways of the host are not shown: let tenants make their own of a class that sync.fromHost.gatewayClasses shows, and copy routes by sync.toHost.gatewayApi',
  ),
  customResources: customResources(
    (definition) =>
      `declare it in customResources.fromHost as { definition: '${definition}', version, kind, scope }: the values do not tell its version and kind (docs/guides/custom-resources.md)`,
  ),
});
