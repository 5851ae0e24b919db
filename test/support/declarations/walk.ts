import * as z from 'zod';

/** A step from a value to one inside of it. */
export type Path = readonly (string | number)[];

/** What a schema describes, without its wrappers. */
export type Shape =
  | { readonly kind: 'object'; readonly fields: { readonly [name: string]: z.core.$ZodType } }
  | { readonly kind: 'list'; readonly item: z.core.$ZodType }
  | { readonly kind: 'record'; readonly record: z.core.$ZodType; readonly value: z.core.$ZodType }
  | { readonly kind: 'union'; readonly options: readonly z.core.$ZodType[] }
  | { readonly kind: 'choice'; readonly values: readonly unknown[] }
  /** A text, a number or something that only its own rule knows. */
  | { readonly kind: 'leaf'; readonly leaf: z.core.$ZodType };

/** Looks into a schema of our declarations. */
export function shapeOf(schema: z.core.$ZodType): Shape {
  if (schema instanceof z.core.$ZodOptional || schema instanceof z.core.$ZodReadonly)
    return shapeOf(schema._zod.def.innerType);
  if (schema instanceof z.core.$ZodObject) return { kind: 'object', fields: schema._zod.def.shape };
  if (schema instanceof z.core.$ZodArray) return { kind: 'list', item: schema._zod.def.element };
  if (schema instanceof z.core.$ZodRecord) return { kind: 'record', record: schema, value: schema._zod.def.valueType };
  if (schema instanceof z.core.$ZodUnion) return { kind: 'union', options: schema._zod.def.options };
  if (schema instanceof z.core.$ZodEnum) return { kind: 'choice', values: Object.values(schema._zod.def.entries) };
  if (schema instanceof z.core.$ZodLiteral) return { kind: 'choice', values: schema._zod.def.values };
  if (schema instanceof z.core.$ZodBoolean) return { kind: 'choice', values: [true, false] };
  return { kind: 'leaf', leaf: schema };
}

/** Whether a field may be left out. */
export function isOptional(schema: z.core.$ZodType): boolean {
  return schema instanceof z.core.$ZodOptional;
}

/** Whether a schema takes a value. */
export function takes(schema: z.core.$ZodType, value: unknown): boolean {
  return z.safeParse(schema, value).success;
}

/** Every leaf of a value that its schema takes, with its path. */
export function leavesOf(schema: z.core.$ZodType, value: unknown, path: Path = []): readonly Leaf[] {
  const shape = shapeOf(schema);
  const inside = (entries: readonly (readonly [string | number, unknown])[], of: (key: string) => z.core.$ZodType) =>
    entries.flatMap(([key, child]) => leavesOf(of(String(key)), child, [...path, key]));
  if (value === undefined) return [];
  switch (shape.kind) {
    case 'object':
      return inside(entriesOf(value), (key) => shape.fields[key] ?? schema);
    case 'record':
      return inside(entriesOf(value), () => shape.value);
    case 'list':
      return Array.isArray(value) ? inside([...value.entries()], () => shape.item) : [];
    case 'union':
      return leavesOf(shape.options.find((option) => takes(option, value)) ?? z.never(), value, path);
    case 'choice':
      return [];
    case 'leaf':
      return [{ path, value, schema: shape.leaf }];
  }
}

/** A leaf of a declaration. */
export interface Leaf {
  readonly path: Path;
  readonly value: unknown;
  readonly schema: z.core.$ZodType;
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
