import { Document, isMap, isSeq, parseDocument, YAMLMap, YAMLSeq } from 'yaml';
import { SubletError } from '../../lib/contract';
import { contextOf, type KubeconfigEntry } from './entry';

/** A change to the text of a kubeconfig file. */
export type KubeconfigEdit = (document: Document) => void;

/** Adds an entry, or replaces the one of its name. All others, comments and order stay. */
export function putEntry(entry: KubeconfigEntry): KubeconfigEdit {
  return (document) => {
    put(document, 'clusters', entry.name, { cluster: entry.cluster });
    put(document, 'users', entry.name, { user: entry.user });
    put(document, 'contexts', entry.name, { context: contextOf(entry) });
  };
}

/** Removes an entry. Where it was the current context, `fallback` becomes it, or none. */
export function dropEntry(name: string, fallback: string | undefined): KubeconfigEdit {
  return (document) => {
    for (const section of ['clusters', 'users', 'contexts']) drop(document, section, name);
    if (document.get('current-context') !== name) return;
    document.set('current-context', fallback !== undefined && has(document, 'contexts', fallback) ? fallback : '');
  };
}

/** Makes a context the current one. */
export function useContext(name: string): KubeconfigEdit {
  return (document) => document.set('current-context', name);
}

/**
 * Applies edits to the text of a kubeconfig file; an empty text becomes a new file. What the edits don't touch keeps its
 * values, comments and order; only layout that YAML's document model does not carry may change.
 * @throws SubletError `USAGE` where the text is no kubeconfig
 */
export function editKubeconfig(text: string, edits: readonly KubeconfigEdit[]): string {
  const document = text.trim() === '' ? emptyKubeconfig() : parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new SubletError('USAGE', 'the kubeconfig file is not a YAML mapping; it was not changed', {
      cause: document.errors[0],
    });
  }
  for (const edit of edits) edit(document);
  return document.toString({ lineWidth: 0, indentSeq: indentsSequences(text) });
}

function emptyKubeconfig(): Document {
  return new Document({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [],
    contexts: [],
    users: [],
    'current-context': '',
  });
}

function put(document: Document, section: string, name: string, body: object): void {
  const entries = sequence(document, section);
  const node = document.createNode({ name, ...body });
  const index = indexOf(entries, name);
  if (index >= 0) entries.items[index] = node;
  else entries.add(node);
}

function drop(document: Document, section: string, name: string): void {
  const entries = document.get(section);
  if (!isSeq(entries)) return;
  const index = indexOf(entries, name);
  if (index >= 0) entries.delete(index);
}

function has(document: Document, section: string, name: string): boolean {
  const entries = document.get(section);
  return isSeq(entries) && indexOf(entries, name) >= 0;
}

function sequence(document: Document, section: string): YAMLSeq {
  const found = document.get(section);
  if (isSeq(found)) {
    // An empty list is usually written `[]`; entries below it must not continue in that style.
    if (found.items.length === 0) found.flow = false;
    return found;
  }
  const made = new YAMLSeq();
  document.set(section, made);
  return made;
}

function indexOf(entries: YAMLSeq, name: string): number {
  return entries.items.findIndex((item) => item instanceof YAMLMap && item.get('name') === name);
}

/** kubectl writes lists flush with their key (`- name`), people often indent them: keep what is there. */
function indentsSequences(text: string): boolean {
  return /^(clusters|contexts|users):[^\S\n]*\n\s+- /m.test(text);
}
