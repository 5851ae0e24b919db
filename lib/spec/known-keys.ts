import * as z from 'zod';

/** The keys that a schema knows at a path of an input. Empty where the schema has no object there. */
export function knownKeysAt(schema: z.core.$ZodType, path: readonly PropertyKey[], input: unknown): readonly string[] {
  const here = unwrap(schema, input);
  const [step, ...rest] = path;
  if (step === undefined) return here instanceof z.core.$ZodObject ? Object.keys(here._zod.def.shape) : [];
  const child = childSchema(here, step);
  return child === undefined ? [] : knownKeysAt(child, rest, childValue(input, step));
}

function childSchema(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType | undefined {
  if (schema instanceof z.core.$ZodObject) return schema._zod.def.shape[String(step)];
  if (schema instanceof z.core.$ZodArray) return schema._zod.def.element;
  if (schema instanceof z.core.$ZodRecord) return schema._zod.def.valueType;
  return undefined;
}

/** The schema below wrappers; of a discriminated union, the option that the input chose. */
function unwrap(schema: z.core.$ZodType, input: unknown): z.core.$ZodType {
  if (schema instanceof z.core.$ZodOptional || schema instanceof z.core.$ZodReadonly) {
    return unwrap(schema._zod.def.innerType, input);
  }
  if (!(schema instanceof z.core.$ZodDiscriminatedUnion)) return schema;
  const { discriminator, options } = schema._zod.def;
  const chosen = childValue(input, discriminator);
  const option = options.find((candidate) => candidate._zod.propValues?.[discriminator]?.has(chosen as string));
  return option === undefined ? schema : unwrap(option, input);
}

function childValue(input: unknown, key: PropertyKey): unknown {
  return typeof input === 'object' && input !== null ? Reflect.get(input, key) : undefined;
}
