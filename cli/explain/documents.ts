import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { SubletError } from '../../lib/contract';
import { checkShape } from './manifest-shape';
import type { GivenObject, ManifestSource } from './types';

/**
 * The objects in a file of YAML or JSON: of each of its documents, and of lists in them. Empty documents are passed over.
 * @throws SubletError `MANIFEST_INVALID` naming file, document and path
 */
export function parseManifests(file: string, text: string): readonly GivenObject[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index) => {
    const source = { file, document: index + 1, line: lines.linePos(startOf(document, text)).line };
    const [problem] = document.errors;
    if (problem !== undefined) throw invalid(source, `it is not YAML: ${problem.message}`);
    return objectsIn(source, document.toJS());
  });
}

/** A {@link SubletError} `MANIFEST_INVALID` that says where the manifest is. */
export function invalid(source: ManifestSource, what: string, hint?: string): SubletError {
  const place = [`${source.file}, document ${source.document} (line ${source.line})`, source.path].filter(Boolean);
  return new SubletError('MANIFEST_INVALID', `${place.join(', ')}: ${what}`, hint === undefined ? {} : { hint });
}

function objectsIn(source: ManifestSource, value: unknown): readonly GivenObject[] {
  if (value === null || value === undefined) return [];
  if (isList(value)) {
    const at = source.path === undefined ? '' : `${source.path}.`;
    return value.items.flatMap((item, index) => objectsIn({ ...source, path: `${at}items[${index}]` }, item));
  }
  const checked = checkShape(value);
  if (checked.kind === 'wrong') throw invalid(source, checked.problems.join('; '), HINT);
  return [{ source, object: checked.object }];
}

const HINT = 'see what the field takes: kubectl explain KIND.FIELD';

function isList(value: unknown): value is { readonly items: readonly unknown[] } {
  if (typeof value !== 'object' || value === null || !('items' in value) || !('kind' in value)) return false;
  return Array.isArray(value.items) && String(value.kind).endsWith('List');
}

function startOf(document: Document.Parsed, text: string): number {
  const [start = 0] = document.contents?.range ?? document.range;
  // A document that begins with blank lines is where its first word is.
  return start + (/^\s*/.exec(text.slice(start))?.[0].length ?? 0);
}
