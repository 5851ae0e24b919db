import { readFile } from 'node:fs/promises';
import { type Document, isMap, parseDocument, visit } from 'yaml';
import { SubletError } from '../../lib/contract';

/**
 * Reads a file of fields in YAML or JSON.
 * @throws SubletError `USAGE` for a file that can't be read or holds something else
 */
export async function readValuesFile(file: string): Promise<{ readonly [key: string]: unknown }> {
  const content = await readFile(file, 'utf8').catch((cause) => {
    throw new SubletError('USAGE', `${file} can't be read`, { cause });
  });
  const document = parseDocument(content);
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
