import { customResources } from './custom-resources';
import { gatewayApi } from './gateway-api';
import { namespaces } from './namespaces';
import { patchesOf as patches } from './patches-rule';
import { asIs, resources, text, texts } from './readers';
import { always, feature, group, moved, notNeeded, type Rule } from './rules';

const crossing = (what: string): Rule =>
  group({
    enabled: always(true, `${what} always cross`, `${what} always cross; they can't be kept from the host`),
    patches,
  });

const kind = (name: string, onByDefault: boolean): Rule =>
  group({ enabled: moved(`sync.toHost.${name}.enabled`, asIs, onByDefault), patches });

const config = (name: 'configMaps' | 'secrets'): Rule =>
  group({
    enabled: always(true, `${name} that pods use always cross`, `${name} that pods use always cross`),
    all: moved(`sync.toHost.${name}.all`, asIs, false),
    patches,
  });

const pods = group({
  enabled: always(true, 'pods always cross', 'pods always cross: a virtual cluster without nodes of its own needs it'),
  translateImage: moved('sync.toHost.pods.translateImages', texts),
  enforceTolerations: moved('sync.toHost.pods.enforceTolerations', asIs),
  useSecretsForSATokens: notNeeded('tokens are short-lived files of a Secret of each pod, and are renewed'),
  runtimeClassName: moved('sync.toHost.pods.runtimeClasses.default', text),
  priorityClassName: moved('sync.toHost.pods.priorityClasses.default', text),
  rewriteHosts: group({
    enabled: moved('sync.toHost.pods.rewriteHosts.enabled', asIs, true),
    initContainer: group({
      image: notNeeded("the helper is the syncer's own image, see images.syncer"),
      resources: moved('sync.toHost.pods.rewriteHosts.resources', resources),
    }),
    initContainerImage: notNeeded("the helper is the syncer's own image, see images.syncer"),
  }),
  hybridScheduling: feature(
    'pods are placed by the host or by a scheduler of the virtual cluster, not by both: choose nodes.scheduling',
  ),
  patches,
});

/** `sync.toHost`. */
export const syncToHost: Rule = group({
  pods,
  services: crossing('Services'),
  endpoints: crossing('Endpoints of Services without a selector'),
  endpointSlices: crossing('EndpointSlices of Services without a selector'),
  configMaps: config('configMaps'),
  secrets: config('secrets'),
  persistentVolumeClaims: kind('persistentVolumeClaims', true),
  persistentVolumes: kind('persistentVolumes', false),
  storageClasses: kind('storageClasses', false),
  volumeSnapshots: kind('volumeSnapshots', false),
  volumeSnapshotContents: group({ enabled: contentsOfSnapshots(), patches }),
  ingresses: kind('ingresses', false),
  networkPolicies: kind('networkPolicies', false),
  podDisruptionBudgets: kind('podDisruptionBudgets', false),
  serviceAccounts: kind('serviceAccounts', false),
  priorityClasses: kind('priorityClasses', false),
  gatewayApi,
  namespaces,
  resourceClaims: kind('resourceClaims', false),
  resourceClaimTemplates: group({ enabled: templatesOfClaims(), patches }),
  customResources: customResources(
    (definition) =>
      `declare it in customResources.toHost as { definition: '${definition}', version, kind, references }: fields that name other objects must be said (docs/guides/custom-resources.md)`,
  ),
});

/** Contents go with snapshots here, so that asking for them asks for both. */
function contentsOfSnapshots(): Rule {
  return withAnother('volumeSnapshots', 'contents go with snapshots');
}

function templatesOfClaims(): Rule {
  return withAnother('resourceClaims', 'templates go with claims');
}

function withAnother(other: string, because: string): Rule {
  return (value, from, draft) => {
    const to = ['sync', 'toHost', other, 'enabled'];
    if (value !== true || draft.get(to) === true) draft.note('notNeeded', from, because);
    else draft.set(from, to, true);
  };
}
