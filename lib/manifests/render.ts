import { stringify } from 'yaml';
import type { ResolvedSpec } from '../spec';
import { generate } from './generate';
import type { Manifest } from './slot';

/** The objects of a virtual cluster as YAML, ready for `kubectl apply -f -`. */
export function renderYaml(spec: ResolvedSpec): string {
  return yamlOf(generate(spec).map(({ object }) => object));
}

/** Objects as the documents of one YAML file. */
export function yamlOf(objects: readonly Manifest[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}
