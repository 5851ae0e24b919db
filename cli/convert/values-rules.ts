import { controlPlane } from './control-plane';
import { experimental, wholeSection } from './experimental';
import { exportKubeConfig, formerServiceCidr, networking } from './networking';
import { integrations, policies, rbac } from './policies';
import { anyEnabled, feature, group, notNeeded, type Rule } from './rules';
import { syncFromHost } from './sync-from-host';
import { syncToHost } from './sync-to-host';

const NODES = 'nodes of its own are not offered: pods run on those of the host';

/** What becomes of a whole values file (`vcluster.yaml`). */
export const valuesRules: Rule = group({
  sync: group({ toHost: syncToHost, fromHost: syncFromHost }),
  controlPlane,
  networking,
  policies,
  exportKubeConfig,
  integrations,
  rbac,
  experimental,
  serviceCIDR: formerServiceCidr,
  privateNodes: feature(NODES),
  deploy: notNeeded('it sets up nodes of its own, which a virtual cluster does not have'),
  plugins: wholeSection('there are no plugins: see patches and customResources for changes and further kinds'),
  plugin: wholeSection('there are no plugins: see patches and customResources for changes and further kinds'),
  sleep: wholeSection('there is no sleep mode: `sublet delete` and `sublet create`, or scale what runs inside'),
  snapshots: wholeSection('declare `backup`: how often, and to which bucket (docs/guides/backup.md)'),
  deletion: wholeSection('delete it from where it is declared, or with `sublet delete`'),
  platform: wholeSection('there is no platform to connect to, and no licence'),
  external: wholeSection('there is no platform to connect to, and no licence'),
  logging: feature('logs go to standard output as JSON, from where the host collects them', fileLogging),
  telemetry: notNeeded('nothing is sent anywhere'),
  global: notNeeded('it is for Helm charts that hold this one'),
  pro: notNeeded('everything is in one package'),
});

function fileLogging(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'file' in value && anyEnabled(value.file);
}
