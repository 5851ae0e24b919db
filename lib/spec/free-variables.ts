import {
  type AnyNode,
  type ArrowFunctionExpression,
  type FunctionExpression,
  type Pattern,
  type Program,
  parse,
} from 'acorn';

type FunctionNode = ArrowFunctionExpression | FunctionExpression;

/** A function expression, or why a text is none. */
export type ParsedFunction =
  | { readonly kind: 'function'; readonly source: string; readonly node: FunctionNode }
  | { readonly kind: 'invalid'; readonly reason: string };

const VERSION = { ecmaVersion: 2024, sourceType: 'script' } as const;

/** Reads a function as `Function.prototype.toString` writes it; methods become function expressions. */
export function parseFunction(text: string): ParsedFunction {
  for (const source of [text, `function ${text}`]) {
    const program = tryParse(`"use strict";(${source}\n)`);
    const statement = program?.body[1];
    if (program?.body.length !== 2 || statement?.type !== 'ExpressionStatement') continue;
    const node = statement.expression;
    if (node.type !== 'ArrowFunctionExpression' && node.type !== 'FunctionExpression') break;
    if (node.async || node.generator) return { kind: 'invalid', reason: 'answers later, not at once' };
    return { kind: 'function', source, node };
  }
  return { kind: 'invalid', reason: 'is not a function of JavaScript' };
}

/**
 * Names that a function reads or writes without declaring them, `known` ones aside, in the order in which they stand
 * there. `import()` and `import.meta` count as the name `import`, and `Math.random` as such a name.
 */
export function freeVariables(node: FunctionNode, known: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>();
  visit(node, { names: known, parent: undefined }, (name) => found.add(name));
  return [...found];
}

interface Scope {
  readonly names: ReadonlySet<string>;
  readonly parent: Scope | undefined;
}

type Report = (name: string) => void;

function visit(node: AnyNode, scope: Scope, report: Report): void {
  switch (node.type) {
    case 'Identifier':
      if (!isDeclared(node.name, scope)) report(node.name);
      return;
    case 'ImportExpression':
      report('import');
      return;
    case 'MetaProperty':
      if (node.meta.name === 'import') report('import');
      return;
    case 'MemberExpression':
      visit(node.object, scope, report);
      if (node.computed) visit(node.property, scope, report);
      else if (isNamed(node.object, 'Math') && isNamed(node.property, 'random')) report('Math.random');
      return;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      if (node.computed) visit(node.key, scope, report);
      if (node.value) visit(node.value, scope, report);
      return;
    case 'LabeledStatement':
      visit(node.body, scope, report);
      return;
    case 'BreakStatement':
    case 'ContinueStatement':
      return;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const own = node.type === 'FunctionExpression' && node.id ? [node.id.name] : [];
      const names = new Set([...node.params.flatMap(namesIn), ...own, ...hoisted(node.body)]);
      if (node.type !== 'ArrowFunctionExpression') names.add('arguments');
      const inner = within(scope, names);
      for (const child of [...node.params, node.body]) visit(child, inner, report);
      return;
    }
    default: {
      const inner = within(scope, new Set(lexical(node)));
      for (const child of childrenOf(node)) visit(child, inner, report);
    }
  }
}

function within(parent: Scope, names: ReadonlySet<string>): Scope {
  return names.size === 0 ? parent : { names, parent };
}

function isDeclared(name: string, scope: Scope): boolean {
  return scope.names.has(name) || (scope.parent !== undefined && isDeclared(name, scope.parent));
}

/** Names that a block, loop, switch, catch clause or class declares for itself. */
function lexical(node: AnyNode): readonly string[] {
  switch (node.type) {
    case 'BlockStatement':
    case 'StaticBlock':
      return node.body.flatMap(declaredBy);
    case 'SwitchStatement':
      return node.cases.flatMap(({ consequent }) => consequent.flatMap(declaredBy));
    case 'ForStatement':
      return node.init ? declaredBy(node.init) : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return declaredBy(node.left);
    case 'CatchClause':
      return node.param ? namesIn(node.param) : [];
    case 'ClassExpression':
    case 'ClassDeclaration':
      return node.id ? [node.id.name] : [];
    default:
      return [];
  }
}

function declaredBy(node: AnyNode): readonly string[] {
  if (node.type === 'VariableDeclaration') return node.declarations.flatMap(({ id }) => namesIn(id));
  return (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id ? [node.id.name] : [];
}

/** Names that `var` declares anywhere in a function, inner functions aside. */
function hoisted(node: AnyNode): readonly string[] {
  if (/^(Function|ArrowFunction|Class)/.test(node.type)) return [];
  const own = node.type === 'VariableDeclaration' && node.kind === 'var' ? declaredBy(node) : [];
  return [...own, ...childrenOf(node).flatMap(hoisted)];
}

/** Names that a parameter or a destructuring pattern binds. */
function namesIn(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => namesIn(one.type === 'RestElement' ? one.argument : one.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'MemberExpression':
      return [];
  }
}

function childrenOf(node: AnyNode): readonly AnyNode[] {
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function isNamed(node: AnyNode, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

function tryParse(text: string): Program | undefined {
  try {
    return parse(text, VERSION);
  } catch {
    return undefined;
  }
}
