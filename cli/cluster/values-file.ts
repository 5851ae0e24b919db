import { readFile } from 'node:fs/promises';
import { type Document, isMap, parseAllDocuments, parseDocument, visit } from 'yaml';
import { SubletError } from '../../lib/contract';

/** One document of a file. */
export interface ValuesDocument {
  readonly file: string;
  readonly fields: { readonly [field: string]: unknown };
}

/**
 * Reads all documents of a file in YAML or JSON; empty ones are passed over.
 * @throws SubletError `USAGE` for a file that can't be read or holds something else than mappings
 */
export async function readValuesDocuments(file: string): Promise<readonly ValuesDocument[]> {
  const documents = parseAllDocuments(await contentOf(file));
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => ({ file, fields: fieldsOf(file, document) }));
}

/**
 * Reads a file of fields in YAML or JSON.
 * @throws SubletError `USAGE` for a file that can't be read or holds something else
 */
export async function readValuesFile(file: string): Promise<{ readonly [key: string]: unknown }> {
  return fieldsOf(file, parseDocument(await contentOf(file)));
}

function contentOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause) => {
    throw new SubletError('USAGE', `${file} can't be read`, { cause });
  });
}

function fieldsOf(file: string, document: Document.Parsed): { readonly [field: string]: unknown } {
  const [problem] = document.errors;
  if (problem !== undefined)
    throw new SubletError('USAGE', `${file} is not YAML: ${problem.message}`, { cause: problem });
  if (document.contents === null) return {};
  if (!isMap(document.contents)) throw new SubletError('USAGE', `${file} is not a mapping of fields`);
  keepDecimals(document);
  return document.toJS();
}

/** No field takes a decimal number, but versions and quantities look like one: `1.30` must not become 1.3. */
function keepDecimals(document: Document.Parsed): void {
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'number' && node.source?.includes('.')) node.value = node.source;
    },
  });
}
