import fc from 'fast-check';
import { generate, resolveSpec, type VirtualClusterSpec } from '../../../lib';
import { type Filler, fill } from '../../../lib/manifests/fill';
import { templates } from '../../../lib/manifests/generate';
import { JsonText } from '../../../lib/manifests/json-text';
import { markerTable } from '../../../lib/spec/marker-table';
import { markerOf } from '../../../lib/spec/markers';
import { full } from './specs';

/** A value that is not known before deployment. */
class Later {
  constructor(readonly value: string) {}
}

/** Text fields of the full declaration, by path: all strings but those that decide which objects exist. */
const STRUCTURAL = /^(name|kubernetes\..*|.*\.(kind|type|operator|effect|whenDeleted|logLevel|pullPolicy))$/;

function textPaths(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'string') return STRUCTURAL.test(path) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => textPaths(child, path === '' ? key : `${path}.${key}`));
}

/** A copy with the texts at some paths put off until later. */
function postpone(value: unknown, chosen: ReadonlySet<string>, path = ''): unknown {
  if (typeof value === 'string') return chosen.has(path) ? new Later(value) : value;
  if (Array.isArray(value)) return value.map((item, index) => postpone(item, chosen, `${path}.${index}`));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => {
    return [key, postpone(child, chosen, path === '' ? key : `${path}.${key}`)];
  });
  return Object.fromEntries(entries);
}

/** What an adapter does, with values that are there at once. */
function deploy(spec: VirtualClusterSpec, chosen: ReadonlySet<string>): unknown {
  const table = markerTable((value): value is Later => value instanceof Later);
  const resolved = resolveSpec(table.capture(postpone(spec, chosen)) as VirtualClusterSpec);
  const filler: Filler = {
    leaf: (index) => table.leafAt(index).value,
    concat: (parts) => parts.join(''),
    json: (value) => JSON.stringify(value),
  };
  return fill(templates(resolved), filler);
}

// `images.registry` with a default path behind it, and `images.kine` whole, are both in the full declaration.
const paths = textPaths(full);

describe('values that are known only at deployment', () => {
  it('can stand in every text field', () => {
    expect(paths.length).toBeGreaterThan(30);
  });

  it.each(paths)('%s', (path) => {
    expect(deploy(full, new Set([path]))).toEqual(generate(resolveSpec(full)));
  });

  it('end where the plain text would have ended, in any combination', () => {
    const expected = generate(resolveSpec(full));
    fc.assert(
      fc.property(fc.subarray([...paths]), (chosen) => {
        expect(deploy(full, new Set(chosen))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe('JSON in a field', () => {
  it('holds a later value as JSON writes it, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (later) => {
        const filler: Filler = {
          leaf: () => later,
          concat: (parts) => parts.join(''),
          json: (value) => JSON.stringify(value),
        };
        const template = { 'config.json': new JsonText({ whole: markerOf(0), part: `a${markerOf(0)}b` }) };
        const { 'config.json': text } = fill(template, filler) as { readonly 'config.json': string };
        expect(JSON.parse(text)).toEqual({ whole: later, part: `a${later}b` });
      }),
    );
  });

  it('is written out at once where nothing is late', () => {
    const never = (): never => {
      throw new Error('nothing is late');
    };
    const filler: Filler = { leaf: never, concat: never, json: never };
    expect(fill(new JsonText({ a: [1, 'b'] }), filler)).toBe('{"a":[1,"b"]}');
  });
});

it('a marker that no adapter made is refused', () => {
  const spec = resolveSpec({ name: 'a', namespace: markerOf(0) });
  expect(() => generate(spec)).toThrow(expect.objectContaining({ code: 'SPEC_INVALID' }));
});
