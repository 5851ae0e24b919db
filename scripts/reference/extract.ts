import { join, relative } from 'node:path';
import * as ts from 'typescript';
import { codeOf, membersOf, typeNodesOf } from './declarations';
import { docOf } from './doc-comments';
import type { SymbolDoc } from './model';

/** What programs import, and the source behind it. */
export const ENTRY_POINTS: { readonly [name: string]: string } = {
  sublet: 'lib/index.ts',
  'sublet/cdk8s': 'lib/cdk8s/index.ts',
  'sublet/pulumi': 'lib/pulumi/index.ts',
};

/** Everything that the entry points export, and the types that these refer to, in the order of the sources. */
export function extractSymbols(root: string): readonly SymbolDoc[] {
  const program = programOf(root);
  const checker = program.getTypeChecker();
  const importedFrom = new Map<ts.Symbol, string[]>();
  for (const [name, file] of Object.entries(ENTRY_POINTS)) {
    const source = program.getSourceFile(join(root, file));
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} exports nothing`);
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = resolved(exported, checker);
      importedFrom.set(symbol, [...(importedFrom.get(symbol) ?? []), name]);
    }
  }
  const reached = reachable([...importedFrom.keys()], root, checker);
  const symbols = reached.map((symbol): SymbolDoc & { readonly at: number } => {
    const [first] = declarationsOf(symbol);
    if (first === undefined) throw new Error(`${symbol.name} is declared nowhere`);
    const { doc, fallback } = docOf(symbol, checker);
    return {
      name: symbol.name,
      file: relative(root, first.getSourceFile().fileName),
      at: first.getStart(),
      doc,
      fallback,
      code: codeOf(symbol),
      members: membersOf(symbol, checker),
      importedFrom: importedFrom.get(symbol) ?? [],
    };
  });
  return symbols.sort((a, b) => a.file.localeCompare(b.file) || a.at - b.at).map(({ at: _at, ...symbol }) => symbol);
}

function programOf(root: string): ts.Program {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.lib.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const rootNames = Object.values(ENTRY_POINTS).map((file) => join(root, file));
  return ts.createProgram({ rootNames, options: { ...options, noEmit: true, declaration: false } });
}

/** The symbols, and those of our own that their declarations name. */
function reachable(start: readonly ts.Symbol[], root: string, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const found = new Set<ts.Symbol>(start);
  for (const symbol of found) {
    for (const node of typeNodesOf(symbol)) {
      const named = checker.getSymbolAtLocation(node);
      if (named === undefined || (named.flags & ts.SymbolFlags.TypeParameter) !== 0) continue;
      const target = resolved(named, checker);
      const [declaration] = declarationsOf(target);
      if (declaration?.getSourceFile().fileName.startsWith(join(root, 'lib/')) === true) found.add(target);
    }
  }
  return [...found];
}

function resolved(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

function declarationsOf(symbol: ts.Symbol): readonly ts.Declaration[] {
  return symbol.declarations ?? [];
}
