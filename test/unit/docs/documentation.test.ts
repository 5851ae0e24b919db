import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Writable } from 'node:stream';
import { parse, parseAllDocuments } from 'yaml';
import { resolvePolicies, separatePolicies } from '../../../cli/cluster/policy-documents';
import { convertValues } from '../../../cli/convert/convert-values';
import { printProgram } from '../../../cli/convert/print-program';
import { createProgram } from '../../../cli/shell';
import { parseSpec } from '../../../lib/spec';
import { scripts } from '../../../package.json';
import { documentation } from '../../support/markdown';
import { typeErrors } from '../../support/type-errors';

const ROOT = join(__dirname, '../../..');
const pages = documentation();
const snippets = pages.flatMap((page) => page.snippets);
const ofLanguage = (language: string) => snippets.filter((snippet) => snippet.language === language);

test('every link leads to a file and a heading that exist', () => {
  const anchors = new Map(pages.map((page) => [page.file, page.anchors]));
  const broken = pages.flatMap((page) =>
    page.links
      .filter(({ target }) => !/^[a-z]+:/.test(target))
      .filter(({ target }) => {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? page.file : normalize(join(dirname(page.file), path)).replace(/\/$/, '');
        if (!existsSync(join(ROOT, file))) return true;
        return anchor !== undefined && anchors.get(file)?.has(anchor) !== true;
      })
      .map(({ at, target }) => `${at}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every snippet of TypeScript compiles', () => {
  const files = ofLanguage('ts').map(({ at, text }): readonly [string, string] => [
    `${at.replaceAll(/[^\w]/g, '-')}.ts`,
    wholeProgram(text),
  ]);
  expect(files.length).toBeGreaterThan(10);
  expect(typeErrors(new Map(files))).toEqual([]);
});

const CHART = "declare const chart: import('cdk8s').Chart;";

/** What readers take for granted: a chart, and the names that the package exports. */
const PRELUDE = `
import { App, Chart } from 'cdk8s';
import {
  CustomResourceSync, ExposedEndpoint, NamespaceMapping, NodeSyncPolicy, Persistence, patch, ServiceMapping, Store,
  SyncPolicy, VirtualCluster,
} from 'sublet/cdk8s';
import type { VirtualClusterOptions } from 'sublet';
declare const app: App;
${CHART}
export const used = [App, Chart, CustomResourceSync, ExposedEndpoint, NamespaceMapping, NodeSyncPolicy];
export const usedToo = [Persistence, patch, ServiceMapping, Store, SyncPolicy, VirtualCluster];
`;

/** A program as it is; statements, or fields of a declaration, with what they take for granted. */
function wholeProgram(text: string): string {
  if (/^import /m.test(text)) return text.includes('const chart') ? text : `${text}\n${CHART}`;
  const first = text.split('\n').find((line) => !/^\s*(\/\/.*)?$/.test(line)) ?? '';
  if (!/^\w+: /.test(first)) return PRELUDE + text;
  return `${PRELUDE}export const options: VirtualClusterOptions = {\n${text}\n};`;
}

test('every declaration in YAML is valid, with the policies beside it', () => {
  const declarations = ofLanguage('yaml').filter(({ claim }) => claim === 'declaration');
  for (const { at, text } of declarations) {
    const documents = parseAllDocuments(text).map((document) => ({ file: at, fields: document.toJS() }));
    const { clusters, policies } = separatePolicies(documents);
    const { whole } = resolvePolicies(parseSpec(Object.assign({}, ...clusters)), policies);
    expect({ at, name: whole.name }).toEqual({ at, name: expect.any(String) });
  }
});

test('every vCluster values file has keys of vCluster only', () => {
  for (const { at, text } of ofLanguage('yaml').filter(({ claim }) => claim === 'values')) {
    const { notes } = convertValues(parse(text), { name: 'team-a' });
    expect({ at, unknown: notes.filter(({ kind }) => kind === 'unknown') }).toEqual({ at, unknown: [] });
  }
});

test('YAML says what it is: a declaration, values of vCluster, or an object of Kubernetes', () => {
  const others = ofLanguage('yaml').filter(({ claim }) => claim !== 'declaration' && claim !== 'values');
  for (const { at, text } of others) {
    expect({ at, object: parse(text) }).toEqual({ at, object: expect.objectContaining({ kind: expect.any(String) }) });
  }
});

describe('commands', () => {
  const lines = ofLanguage('sh').flatMap(({ at, text }) => text.split('\n').map((line) => ({ at, line })));
  const commands = lines.flatMap(({ at, line }) =>
    line
      .replace(/(^|\s)#.*$/, '')
      .split(/&&|\||>|;|\$\(/)
      .map((part) => ({ at, words: part.trim().split(/\s+/) })),
  );

  it('of sublet have words that it takes', async () => {
    const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
    const seen = commands.filter(({ words }) => words[0] === 'sublet');
    expect(seen.length).toBeGreaterThan(5);
    for (const { at, words } of seen) {
      const program = createProgram({ stdout: sink, stderr: sink, version: '0' }, (command) => {
        command.action(() => undefined);
      });
      const refusal = await program.parseAsync(words.slice(1), { from: 'user' }).then(
        () => undefined,
        (error: Error) => error.message,
      );
      expect({ at, words, refusal }).toEqual({ at, words, refusal: undefined });
    }
  });

  it('of npm run are scripts of the package', () => {
    const run = commands.filter(({ words }) => words[0] === 'npm' && words[1] === 'run');
    const known = Object.keys(scripts);
    expect(
      run.filter(
        ({ words }) => !known.includes(words.find((word) => word !== '-s' && word !== 'npm' && word !== 'run') ?? ''),
      ),
    ).toEqual([]);
  });
});

test('every guide has a diagram', () => {
  const without = pages
    .filter(({ file }) => file.startsWith('docs/guides/'))
    .filter(({ snippets: own }) => !own.some(({ language, text }) => language === 'mermaid' || /[─▶◀]/.test(text)))
    .map(({ file }) => file);
  expect(without).toEqual([]);
});

test('every diagram is one of Mermaid’s kinds, and its brackets and quotes are closed', () => {
  for (const { at, text } of ofLanguage('mermaid')) {
    expect({ at, kind: text.split('\n')[0] }).toEqual({ at, kind: expect.stringMatching(/^flowchart (LR|TD)$/) });
    for (const line of text.split('\n')) {
      const open = (line.match(/[[{(]/g) ?? []).length;
      const closed = (line.match(/[\]})]/g) ?? []).length;
      expect({ at, line, open, quotes: (line.match(/"/g) ?? []).length % 2 }).toEqual({
        at,
        line,
        open: closed,
        quotes: 0,
      });
    }
  }
});

test('the index leads to every guide and every decision', () => {
  const index = pages.find(({ file }) => file === 'docs/README.md');
  const linked = new Set(index?.links.map(({ target }) => `docs/${target}`));
  const missing = pages
    .filter(({ file }) => /^docs\/(guides|decisions)\//.test(file) && !linked.has(file))
    .map(({ file }) => file);
  expect(missing).toEqual([]);
});

test('the guide shows what sublet convert makes of its example', () => {
  const own = pages.find(({ file }) => file === 'docs/guides/migrating-from-vcluster.md')?.snippets ?? [];
  const values = own.find(({ claim }) => claim === 'values');
  const program = own.find(({ language }) => language === 'ts');
  const { spec, notes } = convertValues(parse(values?.text ?? ''), { name: 'team-a' });
  expect(`${program?.text}\n`).toBe(printProgram(spec, notes, 'cdk8s'));
});
