import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** A block of code in a page. */
export interface Snippet {
  /** `docs/guides/dns.md:7`. */
  readonly at: string;
  readonly language: string;
  /** The word after the language, which says what the text claims to be: `declaration`, `values`. */
  readonly claim: string;
  readonly text: string;
}

/** A link in a page. */
export interface Link {
  readonly at: string;
  readonly target: string;
}

/** A page of the documentation. */
export interface MarkdownPage {
  /** From the root of the repository. */
  readonly file: string;
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly Link[];
  readonly snippets: readonly Snippet[];
}

/** All pages that people read. */
export function documentation(): readonly MarkdownPage[] {
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...below.sort()].map(readPage);
}

function readPage(file: string): MarkdownPage {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  const snippets: Snippet[] = [];
  const links: Link[] = [];
  const headings: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const at = `${file}:${index + 1}`;
    const [fence, language, claim = ''] = /^```(\w*) ?(\w*)/.exec(line) ?? [];
    if (fence !== undefined) {
      const end = lines.indexOf('```', index + 1);
      snippets.push({ at, language: language ?? '', claim, text: lines.slice(index + 1, end).join('\n') });
      index = end;
      continue;
    }
    headings.push(...(/^#+ (.*)$/.exec(line)?.slice(1) ?? []));
    for (const [, target = ''] of withoutCode(line).matchAll(/\]\(([^)\s]+)\)/g)) links.push({ at, target });
  }
  return { file, anchors: anchorsOf(headings), links, snippets };
}

/** Code in a line: what looks like a link there is none, but a link's text may be code. */
function withoutCode(line: string): string {
  return line.replaceAll(/``[^`]+``|`[^`]*`/g, 'code');
}

/** The anchors of headings; of the same heading a second time, with a number. */
function anchorsOf(headings: readonly string[]): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const heading of headings) {
    const plain = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = plain;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${plain}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}
