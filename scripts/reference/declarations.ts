import * as ts from 'typescript';
import { docOf } from './doc-comments';
import type { MemberDoc } from './model';

/** The declaration of a symbol as TypeScript: without bodies, and without what {@link membersOf} lists. */
export function codeOf(symbol: ts.Symbol): string {
  const nodes = symbol.declarations ?? [];
  const overloads = nodes.filter((node) => ts.isFunctionDeclaration(node) && node.body === undefined);
  // Who calls an overloaded function does not see how it is implemented.
  const seen = nodes.filter(
    (node) => overloads.length === 0 || !ts.isFunctionDeclaration(node) || overloads.includes(node),
  );
  return seen.map(codeOfDeclaration).filter(Boolean).join('\n');
}

function codeOfDeclaration(node: ts.Declaration): string {
  if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) return `${headOf(node)}`;
  if (ts.isTypeAliasDeclaration(node)) return plain(node);
  if (ts.isFunctionDeclaration(node)) return plain(node, node.body);
  if (ts.isVariableDeclaration(node)) {
    const type = node.type === undefined ? '' : `: ${node.type.getText()}`;
    const value = isShort(node.initializer) ? ` = ${node.initializer?.getText() ?? ''}` : '';
    return `const ${node.name.getText()}${type}${value}`;
  }
  return '';
}

/** Whether a value says more than its type would, and fits in a line. */
function isShort(node: ts.Expression | undefined): boolean {
  return node !== undefined && !node.getText().includes('\n') && node.getText().length < 80;
}

function headOf(node: ts.InterfaceDeclaration | ts.ClassDeclaration): string {
  const keyword = ts.isClassDeclaration(node) ? 'class' : 'interface';
  const parameters = node.typeParameters?.map((one) => one.getText()).join(', ');
  const heritage = node.heritageClauses?.map((clause) => ` ${clause.getText()}`).join('') ?? '';
  return `${keyword} ${node.name?.getText() ?? ''}${parameters === undefined ? '' : `<${parameters}>`}${heritage}`;
}

/** The text of a node without `export`, `declare` and a body. */
function plain(node: ts.Node, body?: ts.Node): string {
  const text = node.getText();
  const end = body === undefined ? text.length : body.getStart() - node.getStart();
  return text
    .slice(0, end)
    .replace(/^export (declare )?/, '')
    .trim()
    .replace(/;$/, '');
}

/** The members that programs see: those of bases are listed too, but for classes of other packages. */
export function membersOf(symbol: ts.Symbol, checker: ts.TypeChecker): readonly MemberDoc[] {
  return (symbol.declarations ?? []).flatMap((node) => {
    if (ts.isInterfaceDeclaration(node)) {
      const type = checker.getDeclaredTypeOfSymbol(symbol);
      return checker.getPropertiesOfType(type).flatMap((member) => memberOf(member, checker));
    }
    if (ts.isTypeAliasDeclaration(node)) return inferredMembers(node, checker);
    if (ts.isClassDeclaration(node)) return classMembers(node, checker);
    if (ts.isVariableDeclaration(node)) return constantMembers(node, checker);
    return [];
  });
}

function memberOf(member: ts.Symbol, checker: ts.TypeChecker): readonly MemberDoc[] {
  const [node] = member.declarations ?? [];
  if (node === undefined) return [];
  const { doc, fallback } = docOf(member, checker);
  const optional = (member.flags & ts.SymbolFlags.Optional) !== 0;
  if (ts.isMethodSignature(node)) {
    const call = plain(node).replace(/^[\w$]+/, '');
    return [{ name: `${member.name}()`, optional, type: call, doc, fallback, literal: false }];
  }
  if (!ts.isPropertySignature(node) && !ts.isPropertyDeclaration(node) && !ts.isParameter(node)) return [];
  const type = node.type?.getText() ?? checker.typeToString(checker.getTypeOfSymbol(member));
  const literal = node.type !== undefined && ts.isLiteralTypeNode(node.type);
  return [{ name: member.name, optional, type: oneLine(type), doc, fallback, literal }];
}

/** The members of a class and of those bases that the reference does not explain by themselves. */
function classMembers(node: ts.ClassDeclaration, checker: ts.TypeChecker): readonly MemberDoc[] {
  const own = node.members.flatMap((member) => classMember(member, checker));
  const bases = (node.heritageClauses ?? [])
    .filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
    .flatMap(({ types }) => types.map(({ expression }) => checker.getTypeAtLocation(expression).symbol))
    .flatMap((symbol) => symbol?.declarations ?? [])
    .filter(ts.isClassDeclaration)
    .filter((base) => /[/]lib[/](cdk8s|pulumi)[/]/.test(base.getSourceFile().fileName) && !isPackage(base));
  const inherited = bases.flatMap((base) => classMembers(base, checker)).filter(({ name }) => name !== 'constructor()');
  return [...own, ...inherited];
}

function isPackage(node: ts.Node): boolean {
  return node.getSourceFile().fileName.includes('/node_modules/');
}

function classMember(node: ts.ClassElement, checker: ts.TypeChecker): readonly MemberDoc[] {
  if (ts.isConstructorDeclaration(node)) {
    const signature = checker.getSignatureFromDeclaration(node);
    const throws = signature?.getJsDocTags().map((tag) => `Throws ${ts.displayPartsToString(tag.text)}.`) ?? [];
    const text = ts.displayPartsToString(signature?.getDocumentationComment(checker));
    const doc = [text, ...throws].filter(Boolean).join(' ');
    const made: MemberDoc = {
      name: 'constructor()',
      optional: false,
      type: oneLine(plain(node, node.body).replace(/^constructor/, '')),
      doc,
      fallback: '',
      literal: false,
    };
    const fields = node.parameters.filter((parameter) => ts.isParameterPropertyDeclaration(parameter, node));
    return [made, ...fields.flatMap((field) => named(field.name, checker))];
  }
  if (node.name === undefined || ts.isPrivateIdentifier(node.name) || isHidden(node)) return [];
  const symbol = checker.getSymbolAtLocation(node.name);
  if (symbol === undefined) return [];
  const { doc, fallback } = docOf(symbol, checker);
  const prefix = hasModifier(node, ts.SyntaxKind.StaticKeyword) ? 'static ' : '';
  if (ts.isMethodDeclaration(node)) {
    const type = oneLine(plain(node, node.body).replace(/^(static )?[\w$]+/, ''));
    return [{ name: `${prefix}${symbol.name}()`, optional: false, type, doc, fallback, literal: false }];
  }
  const type = ts.isGetAccessorDeclaration(node) || ts.isPropertyDeclaration(node) ? node.type?.getText() : undefined;
  const shown = type ?? checker.typeToString(checker.getTypeOfSymbol(symbol));
  return [{ name: prefix + symbol.name, optional: false, type: oneLine(shown), doc, fallback, literal: false }];
}

function named(name: ts.Node, checker: ts.TypeChecker): readonly MemberDoc[] {
  const symbol = checker.getSymbolAtLocation(name);
  return symbol === undefined ? [] : memberOf(symbol, checker);
}

/** Overrides say what the base says. */
function isHidden(node: ts.ClassElement): boolean {
  return [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword, ts.SyntaxKind.OverrideKeyword].some((kind) =>
    hasModifier(node, kind),
  );
}

function hasModifier(node: ts.ClassElement, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}

/** The members of a type that is inferred from a schema, whose declaration tells nothing. */
function inferredMembers(node: ts.TypeAliasDeclaration, checker: ts.TypeChecker): readonly MemberDoc[] {
  const type = checker.getTypeAtLocation(node);
  if (!node.type.getText().startsWith('z.infer<') || type.isUnion()) return [];
  return checker.getPropertiesOfType(type).map((member) => {
    const { doc, fallback } = docOf(member, checker);
    const shown = checker.typeToString(checker.getTypeOfSymbol(member), node, ts.TypeFormatFlags.NoTruncation);
    const optional = (member.flags & ts.SymbolFlags.Optional) !== 0;
    return { name: member.name, optional, type: oneLine(shown), doc, fallback, literal: true };
  });
}

/** The entries of a constant that is a table. */
function constantMembers(node: ts.VariableDeclaration, checker: ts.TypeChecker): readonly MemberDoc[] {
  const value = node.initializer === undefined ? undefined : withoutAssertions(node.initializer);
  if (value === undefined || !ts.isObjectLiteralExpression(value) || isShort(node.initializer)) return [];
  return value.properties.flatMap((property) => {
    if (!ts.isPropertyAssignment(property)) return [];
    const symbol = checker.getSymbolAtLocation(property.name);
    if (symbol === undefined) return [];
    const { doc, fallback } = docOf(symbol, checker);
    return [
      {
        name: symbol.name,
        optional: false,
        type: oneLine(property.initializer.getText()),
        doc,
        fallback,
        literal: true,
      },
    ];
  });
}

function withoutAssertions(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ? withoutAssertions(node.expression) : node;
}

/** The names in a symbol's declarations, but for those in bodies. */
export function typeNodesOf(symbol: ts.Symbol): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node)) return;
    if (ts.isTypeReferenceNode(node)) found.push(node.typeName);
    // Members of bases are listed as the symbol's own.
    if (ts.isHeritageClause(node)) return;
    ts.forEachChild(node, visit);
  };
  for (const declaration of symbol.declarations ?? []) {
    if (ts.isVariableDeclaration(declaration)) {
      if (declaration.type !== undefined) visit(declaration.type);
    } else visit(declaration);
  }
  return found;
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\/\*\*?[\s\S]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/^\| /, '');
}
