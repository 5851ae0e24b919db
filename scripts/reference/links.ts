import type { SymbolDoc } from './model';
import type { Page } from './pages';

/** Turns text and types into Markdown in which names that the reference explains are links. */
export interface Linker {
  /** A docstring. */
  text(doc: string): string;
  /** Whether the reference explains a name. */
  explains(name: string): boolean;
  /** A type, as code with links in it. */
  type(text: string): string;
}

/** Links for one page. A name that several pages explain leads to this page, else to the one of plain declarations. */
export function linkerFor(page: Page, pages: readonly Page[]): Linker {
  const places = new Map<string, string>();
  const ranked = [
    ...pages.filter(({ id }) => FRAMEWORKS.has(id)),
    ...pages.filter(({ id }) => !FRAMEWORKS.has(id)),
    page,
  ];
  for (const { id, symbols } of ranked) {
    for (const { name } of symbols) places.set(name, `${id === page.id ? '' : `${id}.md`}#${anchorOf(name)}`);
  }
  const link = (name: string): string => {
    const place = places.get(name);
    return place === undefined ? `\`${name}\`` : `[\`${name}\`](${place})`;
  };
  return {
    text: (doc) =>
      outsideOfCode(
        doc.replaceAll(/\{@link (?:import\([^)]*\)\.)?([^\s}|]+)[^}]*\}/g, (_all, name: string) => link(name)),
      ),
    explains: (name) => places.has(name),
    type: (text) => typeWithLinks(text, (name) => places.get(name)),
  };
}

const FRAMEWORKS: ReadonlySet<string> = new Set(['cdk8s', 'pulumi']);

/** The anchor that Markdown gives to a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Angle brackets that are not in code would be taken for tags. */
function outsideOfCode(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('<', '&lt;')))
    .join('');
}

function typeWithLinks(text: string, placeOf: (name: string) => string | undefined): string {
  const parts = text.split(/('[^']*'|"[^"]*"|`[^`]*`|[A-Za-z_$][\w$]*)/);
  const pieces: string[] = [];
  let plain = '';
  const flush = (): void => {
    const [, before = '', code = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(plain) ?? [];
    const ticks = code.includes('`') ? '``' : '`';
    pieces.push(code === '' ? plain : `${before}${ticks}${code}${ticks}${after}`);
    plain = '';
  };
  for (const part of parts) {
    const place = /^\w+$/.test(part) ? placeOf(part) : undefined;
    if (place === undefined) plain += part;
    else {
      flush();
      pieces.push(`[\`${part}\`](${place})`);
    }
  }
  flush();
  return pieces.join('');
}

/** The docs of members that say nothing themselves: those of the symbol which they are the completed form of. */
export function inherited(symbol: SymbolDoc, symbols: readonly SymbolDoc[]): SymbolDoc {
  const [, base] = /\{@link (\w+)\}/.exec(symbol.doc) ?? [];
  if (base === undefined) return symbol;
  const sources = withParts(base, symbols).flatMap(({ members }) => members);
  const members = symbol.members.map((member) => {
    const source = member.doc === '' ? sources.find(({ name, doc }) => name === member.name && doc !== '') : undefined;
    return source === undefined ? member : { ...member, doc: source.doc };
  });
  return { ...symbol, members };
}

/** A symbol and those that its declaration is made of, however deep. */
function withParts(base: string, symbols: readonly SymbolDoc[]): readonly SymbolDoc[] {
  const found = new Set(symbols.filter(({ name }) => name === base));
  for (const { code } of found) {
    const named: readonly string[] = code.match(/\b[A-Z]\w+/g) ?? [];
    for (const symbol of symbols) if (named.includes(symbol.name)) found.add(symbol);
  }
  return [...found];
}
