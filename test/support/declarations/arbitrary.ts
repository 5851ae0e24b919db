import fc from 'fast-check';
import type * as z from 'zod';
import type { VirtualClusterSpec } from '../../../lib';
import { virtualClusterSchema } from '../../../lib/spec/virtual-cluster';
import { without } from './edit';
import { EXAMPLES } from './examples';
import { isOptional, type Path, shapeOf, takes } from './walk';

/** Declarations that can be made, of every option and in every combination. What does not go together is left out. */
export function declarations(name = 'team-a'): fc.Arbitrary<VirtualClusterSpec> {
  return valuesOf(virtualClusterSchema).map((value) => valid(Object.assign({}, value, { name })));
}

function valuesOf(schema: z.core.$ZodType, path: Path = []): fc.Arbitrary<unknown> {
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'object':
      return objects(shape.fields, path);
    case 'record':
      return fc.dictionary(keysOf(shape.record, shape.value, path), valuesOf(shape.value, [...path, 'key']), {
        maxKeys: 2,
      });
    case 'list':
      return fc.array(valuesOf(shape.item, [...path, 0]), { maxLength: 3 });
    case 'union':
      return fc.oneof(...shape.options.map((option) => valuesOf(option, path)));
    case 'choice':
      return fc.constantFrom(...shape.values);
    case 'leaf':
      return fitting((example) => takes(shape.leaf, example), path);
  }
}

function objects(fields: { readonly [name: string]: z.core.$ZodType }, path: Path): fc.Arbitrary<object> {
  const arbitraries = Object.entries(fields).map(
    ([name, schema]) => [name, valuesOf(schema, [...path, name])] as const,
  );
  const requiredKeys = Object.keys(fields).filter((name) => !isOptional(fields[name] ?? virtualClusterSchema));
  return fc.record(Object.fromEntries(arbitraries), { requiredKeys });
}

/** The key of a record is checked with the record, so any value that goes with it will do. */
function keysOf(record: z.core.$ZodType, value: z.core.$ZodType, path: Path): fc.Arbitrary<string> {
  const some = EXAMPLES.find((example) => takes(value, example));
  return fitting((example) => typeof example === 'string' && takes(record, { [example]: some }), [...path, 'key']).map(
    String,
  );
}

function fitting(fits: (example: unknown) => boolean, path: Path): fc.Arbitrary<unknown> {
  const examples = EXAMPLES.filter(fits);
  if (examples.length === 0) throw new Error(`no example fits ${path.join('.')}`);
  return fc.constantFrom(...examples);
}

/** The declaration less what is refused in it. */
function valid(declaration: unknown): VirtualClusterSpec {
  const result = virtualClusterSchema.safeParse(declaration);
  if (result.success) return result.data as VirtualClusterSpec;
  const [issue] = result.error.issues;
  return valid(
    without(
      declaration,
      (issue?.path ?? []).map((step) => (typeof step === 'symbol' ? '' : step)),
    ),
  );
}
