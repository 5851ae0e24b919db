import type { Random } from './random';
import type { Schema, Schemas } from './schemas';

type Members = { readonly [field: string]: unknown };

/** What random values are made from. */
export interface Source {
  readonly random: Random;
  readonly schemas: Schemas;
  readonly texts: readonly string[];
}

/** Deeper than any structure of the API is worth. */
const DEEPEST = 7;

/** A random value of a schema, sometimes with what the schema does not know. */
export function randomValue(given: Schema, source: Source, depth = 0): unknown {
  const { random, schemas, texts } = source;
  const schema = schemas.resolved(given);
  if (schema.enum !== undefined && random.chance(0.8)) return random.pick(schema.enum);
  switch (schema.type) {
    case 'boolean':
      return random.chance(0.5);
    case 'integer':
    case 'number':
      return random.pick([0, 1, -1, 80, 443, 10_250, 65_535, 65_536, 2 ** 31 - 1, random.int(40_000)]);
    case 'array':
      return Array.from({ length: random.int(3) }, () => randomValue(schema.items ?? {}, source, depth + 1));
    case 'object':
      return depth > DEEPEST ? {} : objectOf(schema, source, depth);
    default:
      return random.pick(texts);
  }
}

function objectOf(schema: Schema, source: Source, depth: number): Members {
  const { random, texts } = source;
  const { properties = {}, required = [], additionalProperties } = schema;
  const fields = Object.entries(properties).filter(
    ([name]) => required.includes(name) || random.chance(1.6 / (depth + 3)),
  );
  const free =
    typeof additionalProperties === 'object' && random.chance(0.7)
      ? [[random.pick(texts), randomValue(additionalProperties, source, depth + 1)] as const]
      : [];
  const unknown = random.chance(0.03) ? [[random.pick(UNKNOWN), random.pick(texts)] as const] : [];
  return Object.fromEntries([
    ...fields.map(([name, inner]) => [name, randomValue(inner, source, depth + 1)] as const),
    ...free,
    ...unknown,
  ]);
}

const UNKNOWN = ['futureField', '__proto__', 'constructor', 'hostPathRef', ''];

/** An object with one part of it replaced, added or taken away, as its schema allows or not. */
export function mutated(value: unknown, given: Schema, source: Source, depth = 0): unknown {
  const { random, schemas } = source;
  const schema = schemas.resolved(given);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (items.length === 0 || random.chance(0.2)) return [...items, randomValue(schema.items ?? {}, source, depth + 1)];
    const at = random.int(items.length);
    return items.map((item, index) => (index === at ? mutated(item, schema.items ?? {}, source, depth + 1) : item));
  }
  if (!isMembers(value) || (depth > 1 && random.chance(0.15))) return randomValue(schema, source, depth);
  const names = Object.keys(schema.properties ?? {});
  const present = Object.keys(value).filter((name) => !FIXED.includes(`${depth}.${name}`));
  const name =
    random.chance(0.55) && present.length > 0
      ? random.pick(present)
      : names.length > 0
        ? random.pick(names)
        : undefined;
  if (name === undefined) return { ...value, ...objectOf(schema, source, depth) };
  if (FIXED.includes(`${depth}.${name}`)) return value;
  if (depth > 1 && random.chance(0.08))
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
  const inner = schema.properties?.[name] ?? additional(schema);
  const next = name in value ? mutated(value[name], inner, source, depth + 1) : randomValue(inner, source, depth + 1);
  return { ...value, [name]: next };
}

/** What names an object stays, so that it can be found again. */
const FIXED: readonly string[] = [
  '0.apiVersion',
  '0.kind',
  '1.name',
  '1.namespace',
  '1.uid',
  '1.resourceVersion',
  '1.generateName',
];

function additional({ additionalProperties }: Schema): Schema {
  return typeof additionalProperties === 'object' ? additionalProperties : { type: 'string' };
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
