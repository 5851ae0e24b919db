/*
 * Writes `schemas.json`: what the kinds that cross look like in every Kubernetes version that can be chosen, made from
 * the API descriptions of Kubernetes' own Go modules.
 *
 * node scripts/with-node.cjs scripts/run-ts.cjs test/unit/schema/extract.ts DIRECTORY…
 *
 * Run it at the root of the repository. Each directory is an unpacked `k8s.io/kubernetes@v…`, named so.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Definition {
  readonly properties?: { readonly [field: string]: Property };
}
interface Property {
  readonly $ref?: string;
  readonly items?: Property;
  readonly additionalProperties?: Property;
  readonly type?: string;
}
type Definitions = { readonly [name: string]: Definition };

/** The kinds that cross, in the API versions that the syncer uses. */
const ROOTS = [
  'core.v1.Pod',
  'core.v1.Service',
  'core.v1.Endpoints',
  'core.v1.ConfigMap',
  'core.v1.Secret',
  'core.v1.ServiceAccount',
  'core.v1.PersistentVolumeClaim',
  'core.v1.PersistentVolume',
  'discovery.v1.EndpointSlice',
  'networking.v1.Ingress',
  'networking.v1.IngressClass',
  'networking.v1.NetworkPolicy',
  'policy.v1.PodDisruptionBudget',
  'scheduling.v1.PriorityClass',
  'node.v1.RuntimeClass',
  'storage.v1.StorageClass',
  'storage.v1.CSIDriver',
  'storage.v1.CSINode',
  'storage.v1.CSIStorageCapacity',
  'resource.v1.ResourceClaim',
  'resource.v1.DeviceClass',
];

/** Field → nested structure (empty for a plain value), by structure, by minor version. */
type Found = Map<string, Map<string, { type: string; minors: Set<number> }>>;

function main(directories: readonly string[]): void {
  const found: Found = new Map();
  const minors = directories.map((directory) => collect(directory, found)).sort((a, b) => a - b);
  const all = `${minors[0]}-${minors.at(-1)}`;
  const structures = Object.fromEntries(
    [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, fields]) => {
        const entries = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
        return [name, Object.fromEntries(entries.map(([field, of]) => [field, text(of.type, of.minors, all)]))];
      }),
  );
  const lines = Object.entries(structures).map(
    ([name, fields]) => `    ${JSON.stringify(name)}: ${JSON.stringify(fields)}`,
  );
  const versions = JSON.stringify(directories.map((directory) => directory.replace(/^.*@v/, '')));
  writeFileSync(
    join(process.cwd(), 'test/unit/schema/schemas.json'),
    `{\n  "versions": ${versions},\n  "structures": {\n${lines.join(',\n')}\n  }\n}\n`,
  );
}

function text(type: string, minors: ReadonlySet<number>, all: string): string {
  const sorted = [...minors].sort((a, b) => a - b);
  const range = `${sorted[0]}-${sorted.at(-1)}`;
  return range === all ? type : `${type}@${range}`;
}

function collect(directory: string, found: Found): number {
  const minor = Number(/@v1\.(\d+)/.exec(directory)?.[1]);
  const swagger = JSON.parse(readFileSync(join(directory, 'api/openapi-spec/swagger.json'), 'utf8')) as {
    readonly definitions: Definitions;
  };
  const queue = ROOTS.map((root) => `io.k8s.api.${root}`).filter((root) => root in swagger.definitions);
  const seen = new Set(queue);
  for (const name of queue) {
    const { properties = {} } = swagger.definitions[name] ?? {};
    const fields = found.get(shortName(name)) ?? new Map<string, { type: string; minors: Set<number> }>();
    found.set(shortName(name), fields);
    for (const [field, property] of Object.entries(properties)) {
      const target = targetOf(property);
      const nested = target !== undefined && isStructure(target, swagger.definitions) ? target : undefined;
      const type = `${nested === undefined ? '' : shortName(nested)}${shapeOf(property)}`;
      const known = fields.get(field);
      if (known === undefined) fields.set(field, { type, minors: new Set([minor]) });
      else known.minors.add(minor);
      if (nested !== undefined && !seen.has(nested) && !nested.endsWith('.ObjectMeta')) {
        seen.add(nested);
        queue.push(nested);
      }
    }
  }
  return minor;
}

function targetOf({ $ref, items, additionalProperties }: Property): string | undefined {
  if ($ref !== undefined) return $ref.replace('#/definitions/', '');
  return items !== undefined ? targetOf(items) : additionalProperties && targetOf(additionalProperties);
}

/** Lists and maps are marked, as `[]` and `{}`. */
function shapeOf({ items, additionalProperties }: Property): string {
  return items !== undefined ? '[]' : additionalProperties !== undefined ? '{}' : '';
}

function isStructure(name: string, definitions: Definitions): boolean {
  return definitions[name]?.properties !== undefined;
}

/** Names of the core group and of meta alone; those of other groups with the group where the core has one of that name. */
function shortName(name: string): string {
  const [kind = '', , group = ''] = name.split('.').reverse();
  return CLASHING.has(kind) && group !== 'core' ? `${group}.${kind}` : kind;
}

const CLASHING: ReadonlySet<string> = new Set(['ResourceClaim']);

main(process.argv.slice(2));
