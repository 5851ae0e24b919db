import * as ts from 'typescript';

/** A docstring: its text, and what `@default` says. */
export interface Doc {
  readonly doc: string;
  readonly fallback: string;
}

/** The docstring of a symbol. One with a type and a value has both, the type's first. */
export function docOf(symbol: ts.Symbol, checker: ts.TypeChecker): Doc {
  const tags = symbol.getJsDocTags(checker);
  const of = (name: string): string =>
    tags
      .filter((tag) => tag.name === name)
      .map((tag) => textOf(tag.text))
      .join(' ');
  const throws = tags.filter((tag) => tag.name === 'throws').map((tag) => `Throws ${textOf(tag.text)}.`);
  const returns = tags.filter((tag) => tag.name === 'returns').map((tag) => `Returns ${textOf(tag.text)}.`);
  const parameters = tags.filter((tag) => tag.name === 'param').map((tag) => `- ${parameter(textOf(tag.text))}`);
  const text = [textOf(symbol.getDocumentationComment(checker)), parameters.join('\n'), ...returns, ...throws];
  return { doc: text.filter((part) => part !== '').join('\n\n'), fallback: of('default') };
}

/** `name the text` of a parameter. */
function parameter(text: string): string {
  const [name = '', ...words] = text.split(/\s+/);
  return `\`${name}\`: ${words.join(' ')}`;
}

function textOf(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  return ts.displayPartsToString([...(parts ?? [])]).trim();
}
