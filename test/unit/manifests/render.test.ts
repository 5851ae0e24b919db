import { parseAllDocuments } from 'yaml';
import { generate, renderYaml, resolveSpec } from '../../../lib';
import { specs } from './specs';

describe('renderYaml', () => {
  it.each(specs)('writes exactly the generated objects, one document each (%s)', (_what, spec) => {
    const resolved = resolveSpec(spec);
    const documents = parseAllDocuments(renderYaml(resolved)).map((document) => document.toJS());
    expect(documents).toEqual(generate(resolved).map(({ object }) => object));
  });
});
