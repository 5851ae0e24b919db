import { KUBERNETES_VERSIONS, type KubernetesMinor } from '../../../lib/spec';
import { hostVersion, virtualVersion } from './host';

/** Tests of a kind that API servers serve only from this Kubernetes minor on. They are skipped when one of the two is older. */
export function describeSince(minor: KubernetesMinor, name: string, tests: () => void): void {
  const minors = Object.keys(KUBERNETES_VERSIONS);
  const isServed = [hostVersion(), virtualVersion().version].every(
    (version) => version === undefined || minors.indexOf(minorOf(version)) >= minors.indexOf(minor),
  );
  (isServed ? describe : describe.skip)(name, tests);
}

const minorOf = (version: string): string => version.split('.', 2).join('.');
