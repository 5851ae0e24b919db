import { LABELS, SYNCER_ENV } from '../../lib/contract';
import { POLICY_OPTIONS } from '../../lib/spec/policies/options';
import type { KubeObject } from '../kube/types';
import type { ControlPlane } from './find';

/** Why the syncer waits: a line for each section of its configuration that does not exist. */
export function missingSections(controlPlane: ControlPlane, configMaps: readonly KubeObject[]): readonly string[] {
  const containers = controlPlane.spec?.template?.spec?.containers ?? [];
  const variables = containers.flatMap(({ env = [] }) => env);
  const required = variables.find(({ name }) => name === SYNCER_ENV.requiredSections)?.value ?? '';
  const present = new Set(configMaps.map(({ metadata }) => metadata?.labels?.[LABELS.section]));
  return required
    .split(',')
    .filter((section) => section !== '' && !present.has(section))
    .map(describeSection);
}

function describeSection(section: string): string {
  const [option] = Object.entries(POLICY_OPTIONS).find(([, owned]) => owned === section) ?? [];
  return option === undefined
    ? `its ConfigMap with the section ${section} does not exist`
    : `no policy declares its ${option} yet, which it requires`;
}
