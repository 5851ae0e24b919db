import { inherited, type Linker, linkerFor } from './links';
import type { MemberDoc, SymbolDoc } from './model';
import { type Page, pagesOf } from './pages';

const GENERATED = '<!-- Made from the docstrings by `npm run docs`; changes belong there. -->';

/** The files of the reference by name. */
export function renderReference(found: readonly SymbolDoc[]): ReadonlyMap<string, string> {
  const pages = pagesOf(found.map((symbol) => inherited(symbol, found)));
  return new Map([
    ['README.md', renderIndex(pages)],
    ...pages.map((page): readonly [string, string] => [`${page.id}.md`, renderPage(page, pages)]),
  ]);
}

function renderIndex(pages: readonly Page[]): string {
  const rows = pages.map(({ id, title, symbols }) => {
    const names = symbols.filter(({ importedFrom }) => importedFrom.length > 0).map(({ name }) => `\`${name}\``);
    return `| [${title}](${id}.md) | ${names.join(', ')} |`;
  });
  return lines([
    GENERATED,
    '',
    '# Reference',
    '',
    'Everything that `sublet`, `sublet/cdk8s` and `sublet/pulumi` export. Constructs and components take the fields of',
    '[the declaration](virtual-cluster.md).',
    '',
    '| page | what it explains |',
    '|---|---|',
    ...rows,
  ]);
}

function renderPage(page: Page, pages: readonly Page[]): string {
  const linker = linkerFor(page, pages);
  const usesText = page.symbols.some(({ code, members }) =>
    [code, ...members.map(({ type }) => type)].some((text) => /\bText\b/.test(text)),
  );
  const text = '`Text` is a text field: a `string`; in cdk8s a token too, in Pulumi a `pulumi.Input<string>`.';
  return lines([
    GENERATED,
    '',
    `# ${page.title}`,
    '',
    ...(usesText ? [text, ''] : []),
    ...page.symbols.map((symbol) => renderSymbol(symbol, linker)),
  ]);
}

function renderSymbol(symbol: SymbolDoc, linker: Linker): string {
  const { name, importedFrom, doc, code, members } = symbol;
  const from = importedFrom.map((entry) => `\`${entry}\``).join(', ');
  return [
    `## ${name}`,
    '',
    linker.text(doc),
    '',
    importedFrom.length === 0 ? 'Not exported; others refer to it.' : `From ${from}.`,
    '',
    '```typescript',
    code,
    '```',
    '',
    ...(members.length === 0 ? namedIn(code, name, linker) : []),
    ...(members.length === 0 ? [] : [table(members, linker), '']),
  ].join('\n');
}

/** Links to what a declaration without members names. */
function namedIn(code: string, self: string, linker: Linker): readonly string[] {
  const names = new Set(code.match(/\b[A-Za-z]\w*/g) ?? []);
  const links = [...names].filter((name) => name !== self && linker.explains(name)).map((name) => linker.type(name));
  return links.length === 0 ? [] : [`Names ${links.join(', ')}.`, ''];
}

function table(members: readonly MemberDoc[], linker: Linker): string {
  const defaults = members.some(({ fallback }) => fallback !== '');
  const head = defaults
    ? '| name | type | default | what it is |\n|---|---|---|---|'
    : '| name | type | what it is |\n|---|---|---|';
  const rows = members.map((member) => {
    const cells = [
      `\`${member.name}${member.optional ? '?' : ''}\``,
      linker.type(member.type),
      ...(defaults ? [fallbackOf(member, linker)] : []),
      linker.text(member.doc).replaceAll(/\s*\n\s*/g, ' '),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [head, ...rows].join('\n');
}

/** A default is code, or words after a dash. */
function fallbackOf({ fallback }: MemberDoc, linker: Linker): string {
  if (fallback === '' || fallback.startsWith('`')) return fallback;
  const words = /^- (.*)$/s.exec(fallback)?.[1];
  return words === undefined ? `\`${fallback}\`` : linker.text(words).replaceAll(/\s*\n\s*/g, ' ');
}

function lines(parts: readonly string[]): string {
  return `${parts
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}
