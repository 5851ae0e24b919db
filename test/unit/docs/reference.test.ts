import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractSymbols } from '../../../scripts/reference/extract';
import { inherited } from '../../../scripts/reference/links';
import { renderReference } from '../../../scripts/reference/render';

const ROOT = join(__dirname, '../../..');
const FOLDER = join(ROOT, 'docs/reference');
const symbols = extractSymbols(ROOT);

test('every exported symbol has a docstring', () => {
  expect(symbols.filter(({ doc }) => doc === '').map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});

test('every member of what is exported has a docstring, unless its type is a literal, which says everything', () => {
  const silent = symbols
    .map((symbol) => inherited(symbol, symbols))
    .flatMap(({ file, name, members }) =>
      members.filter(({ doc, literal }) => doc === '' && !literal).map((member) => `${file}: ${name}.${member.name}`),
    );
  expect(silent).toEqual([]);
});

test('every optional field of a declaration says its default, unless it is a group of fields', () => {
  const options = symbols.filter(
    ({ name, file }) => file.startsWith('lib/spec/') && /(Options|Spec|Store|Persistence|Service)$/.test(name),
  );
  const groups = new Set(symbols.filter(({ members }) => members.length > 0).map(({ name }) => name));
  const silent = options.flatMap(({ name, members }) =>
    members
      .filter(({ optional, fallback, literal }) => optional && fallback === '' && !literal)
      .filter(({ type }) => !groups.has(type.replace(/<Text(, Count)?(, Switch)?>/, '')))
      .map((member) => `${name}.${member.name}: ${member.type}`),
  );
  expect(silent).toEqual([]);
});

test('docs/reference is what `npm run docs` makes of the docstrings today', () => {
  const files = readdirSync(FOLDER).sort();
  const written = new Map(files.map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]));
  expect(written).toEqual(new Map([...renderReference(symbols)].sort(([a], [b]) => (a < b ? -1 : 1))));
});
