import { stringify } from 'yaml';
import type { ResolvedSpec } from '../spec';
import { generate } from './generate';

/** The objects of a virtual cluster as YAML, ready for `kubectl apply -f -`. */
export function renderYaml(spec: ResolvedSpec): string {
  return generate(spec)
    .map(({ object }) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
}
