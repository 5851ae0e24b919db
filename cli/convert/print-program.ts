import type { VirtualClusterSpec } from '../../lib/spec';
import { type Note, needsWork } from './note';
import { isTree } from './tree';

/** For which framework a program is written. */
export const FRAMEWORKS = ['cdk8s', 'pulumi'] as const;

/** One of {@link FRAMEWORKS}. */
export type Framework = (typeof FRAMEWORKS)[number];

/** The longest line that is not broken. */
const WIDTH = 100;

/** A complete program that declares a virtual cluster. What is left to do stands in it as comments. */
export function printProgram(
  { name, ...spec }: VirtualClusterSpec,
  notes: readonly Note[],
  framework: Framework,
): string {
  const props = { ...spec };
  const used = new Set<string>(['VirtualCluster']);
  const fields = Object.entries(props).map(([key, value]) => field(key, key === 'store' ? code(value, used) : value));
  const body = fields.length === 0 ? '' : `, {\n${fields.map((text) => `${indented(text)},\n`).join('')}}`;
  const from = `import { ${[...used].sort().join(', ')} } from 'sublet/${framework}';`;
  const id = literal(name);
  const program =
    framework === 'cdk8s'
      ? [
          "import { App, Chart } from 'cdk8s';",
          from,
          '',
          'const app = new App();',
          `const chart = new Chart(app, ${id});`,
          '',
          ...notConverted(notes),
          `new VirtualCluster(chart, ${id}${body});`,
          '',
          'app.synth();',
        ]
      : [
          from,
          '',
          ...notConverted(notes),
          `const cluster = new VirtualCluster(${id}${body});`,
          '',
          'export const kubeconfig = cluster.kubeconfig;',
        ];
  return `${program.join('\n')}\n`;
}

/** The comments about what has no place in the declaration. */
export function notConverted(notes: readonly Note[], mark = '//'): readonly string[] {
  const open = notes.filter(needsWork);
  if (open.length === 0) return [];
  return [
    `${mark} Not converted from the vCluster values:`,
    ...open.map(({ path, message }) => `${mark} - ${path}: ${message}`.replaceAll('\n', ' ')),
  ];
}

/** Code that is not a plain value. */
class Expression {
  constructor(readonly text: string) {}
}

/** The store by its factories, as one writes it by hand. */
function code(store: unknown, used: Set<string>): unknown {
  if (!isTree(store)) return store;
  const { kind, persistence, ...others } = store;
  used.add('Store');
  const parts = {
    ...(persistence === undefined ? {} : { persistence: persistenceCode(persistence, used) }),
    ...others,
  };
  return new Expression(`Store.${String(kind)}(${Object.keys(parts).length === 0 ? '' : print(parts)})`);
}

function persistenceCode(persistence: unknown, used: Set<string>): unknown {
  if (!isTree(persistence)) return persistence;
  const { kind, ...others } = persistence;
  used.add('Persistence');
  return new Expression(`Persistence.${String(kind)}(${Object.keys(others).length === 0 ? '' : print(others)})`);
}

function field(key: string, value: unknown): string {
  return `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key)}: ${print(value)}`;
}

function print(value: unknown): string {
  if (value instanceof Expression) return value.text;
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return enclosed('[', value.map(print), ']', '');
  if (!isTree(value)) return String(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return enclosed(
    '{',
    entries.map(([key, one]) => field(key, one)),
    '}',
    ' ',
  );
}

function enclosed(open: string, parts: readonly string[], close: string, gap: string): string {
  if (parts.length === 0) return open + close;
  const line = `${open}${gap}${parts.join(', ')}${gap}${close}`;
  if (line.length <= WIDTH && !line.includes('\n')) return line;
  return `${open}\n${parts.map((part) => `${indented(part)},\n`).join('')}${close}`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

/** A text in single quotes, on one line. */
function literal(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}
