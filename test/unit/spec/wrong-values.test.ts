import * as z from 'zod';
import { parseSpec, SpecError } from '../../../lib';
import { virtualClusterSchema } from '../../../lib/spec/virtual-cluster';

/** As much of a JSON schema as the walk reads. */
interface Schema {
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}

/** An option, and how to make a declaration in which it has some value. */
interface Option {
  readonly path: string;
  readonly schema: Schema;
  readonly declare: (value: unknown) => object;
}

/** What no option takes, whatever its form. */
const WRONG: readonly unknown[] = [3.7, { noSuchOption: 3.7 }, [[3.7]], null];
const UNPRINTABLE = 'no such\u0007value';

function optionsOf(schema: Schema, path: string, declare: Option['declare']): readonly Option[] {
  const variants = schema.oneOf ?? schema.anyOf ?? [schema];
  return [{ path, schema, declare }, ...variants.flatMap((variant) => insideOf(variant, path, declare))];
}

/** The options below one; the constants by which its form is known stand beside them. */
function insideOf(schema: Schema, path: string, declare: Option['declare']): readonly Option[] {
  const { properties = {}, items, additionalProperties, required = [] } = schema;
  const constants = Object.entries(properties).flatMap(([name, { const: value, enum: values }]) => {
    const constant = value ?? (required.includes(name) ? values?.[0] : undefined);
    return constant === undefined ? [] : [[name, constant] as const];
  });
  const fixed = Object.fromEntries(constants);
  const named = Object.entries(properties)
    .filter(([, { const: value }]) => value === undefined)
    .flatMap(([name, child]) => optionsOf(child, joined(path, name), (value) => declare({ ...fixed, [name]: value })));
  const listed = items === undefined ? [] : optionsOf(items, `${path}[0]`, (value) => declare([value]));
  const keyed =
    typeof additionalProperties === 'object'
      ? optionsOf(additionalProperties, `${path}.key`, (value) => declare({ key: value }))
      : [];
  return [...named, ...listed, ...keyed];
}

/** As errors write it: keys with a dot in them stand in brackets. */
function joined(path: string, name: string): string {
  if (name.includes('.')) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

const schema = z.toJSONSchema(virtualClusterSchema, { unrepresentable: 'any', io: 'input' }) as Schema;
const options = insideOf(schema, '', (value) => ({ name: 'team-a', ...(value as object) }));

function issuesOf(declaration: object): SpecError['issues'] {
  try {
    parseSpec(declaration);
    return [];
  } catch (error) {
    if (error instanceof SpecError) return error.issues;
    throw error;
  }
}

it('knows every option of a declaration', () => {
  expect(options.length).toBeGreaterThan(250);
});

it.each(options.map((option) => [option.path, option] as const))('%s refuses what it cannot be', (path, option) => {
  for (const value of [...WRONG, UNPRINTABLE]) {
    const about = issuesOf(option.declare(value)).filter((issue) => issue.path.startsWith(path));
    expect({ value, issues: about.length }).not.toEqual({ value, issues: 0 });
    for (const { message } of about) expect(message).not.toBe('');
  }
});
