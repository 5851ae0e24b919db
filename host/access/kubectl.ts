import { dirname } from 'node:path';
import { binary } from '../components/context';

/** The folder of the kubectl that belongs to the host's Kubernetes: for the PATH where the machine has none of its own. */
export function kubectlDirectory(): string {
  return dirname(binary('kubectl'));
}
