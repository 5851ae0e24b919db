import type { z } from 'zod';
import { starsOf } from './custom-fields';
import { REFERABLE_KINDS } from './custom-references';
import type { IssueParams } from './fields';

type Context = z.core.$RefinementCtx;
type Path = (string | number)[];

/** What is looked at of a kind that is copied to the host. */
interface Copied {
  readonly definition: string;
  readonly fields?: readonly string[] | undefined;
  readonly references?: readonly Reference[] | undefined;
  readonly selectors?: readonly string[] | undefined;
  readonly labels?: readonly string[] | undefined;
}

interface Reference {
  readonly path: string;
  readonly kind: string;
  readonly namespacePath?: string | undefined;
  readonly when?: { readonly path: string } | undefined;
}

/** What is looked at of a kind that is shown in the virtual cluster. */
type Shown = { readonly definition: string } & (
  | { readonly scope: 'cluster' }
  | { readonly scope: 'namespaced'; readonly mappings: readonly Mapping[] }
);

interface Mapping {
  readonly from: Place;
  readonly to: Place;
}

interface Place {
  readonly namespace: string;
  readonly name?: string | undefined;
}

/** What can't be in one declaration of kinds that are copied to the host. */
export function checkRules(rules: readonly Copied[], context: Context): void {
  const known = new Set<string>(rules.map(({ definition }) => definition));
  for (const [index, rule] of rules.entries()) {
    const at: Path = ['toHost', index];
    // What is no text at all has been reported.
    if (!textsOf(rule).every((text) => typeof text === 'string')) continue;
    if (rules.findIndex(({ definition }) => definition === rule.definition) !== index)
      report(context, [...at, 'definition'], rule.definition, 'is declared twice', {
        allowed: 'one entry for each kind',
      });
    checkReferences(rule, known, at, context);
    checkPaths(rule, at, context);
  }
}

/** What can't be shown in the virtual cluster. */
export function checkImports(toHost: readonly Copied[], fromHost: readonly Shown[], context: Context): void {
  const copied = new Set<string>(toHost.map(({ definition }) => definition));
  for (const [index, { definition, ...rule }] of fromHost.entries()) {
    const at: Path = ['fromHost', index];
    if (copied.has(definition))
      report(context, [...at, 'definition'], definition, 'is copied to the host already', {
        hint: 'a kind crosses in one direction',
      });
    if (fromHost.findIndex((other) => other.definition === definition) !== index)
      report(context, [...at, 'definition'], definition, 'is declared twice', { allowed: 'one entry for each kind' });
    if (rule.scope === 'namespaced') checkMappings(rule.mappings, at, context);
  }
}

function textsOf({ definition, references = [], selectors = [], labels = [] }: Copied): readonly unknown[] {
  const named = references.flatMap(({ path, kind, namespacePath = '', when }) => [
    path,
    kind,
    namespacePath,
    when?.path ?? '',
  ]);
  return [definition, ...named, ...selectors, ...labels];
}

function checkMappings(mappings: readonly Mapping[], at: Path, context: Context): void {
  for (const [index, mapping] of mappings.entries()) {
    const { from, to } = mapping;
    if ((from.name === undefined) !== (to.name === undefined))
      report(context, [...at, 'mappings', index], undefined, 'maps a namespace to an object', {
        allowed: 'a namespace to a namespace, or an object to an object',
      });
    for (const side of ['from', 'to'] as const) {
      const meets = mappings.slice(0, index).some((other) => overlap(other[side], mapping[side]));
      if (!meets) continue;
      report(context, [...at, 'mappings', index, side], undefined, 'overlaps with another mapping', {
        allowed: 'each namespace or object once',
      });
    }
  }
}

function overlap(a: Place, b: Place): boolean {
  return a.namespace === b.namespace && (a.name === undefined || b.name === undefined || a.name === b.name);
}

function checkReferences(rule: Copied, known: ReadonlySet<string>, at: Path, context: Context): void {
  for (const [index, reference] of (rule.references ?? []).entries()) {
    const here: Path = [...at, 'references', index];
    const { kind, path, namespacePath, when } = reference;
    if (kind.includes('.') && !known.has(kind))
      report(context, [...here, 'kind'], kind, 'is a kind that is not copied to the host', {
        allowed: [...REFERABLE_KINDS, ...known].join(', '),
      });
    for (const [field, other] of [
      ['namespacePath', namespacePath],
      ['when', when?.path],
    ] as const) {
      if (other === undefined || path.startsWith(starsOf(other))) continue;
      report(context, [...here, field], undefined, 'speaks of other elements than path', {
        allowed: `a path whose [*] are those of ${path}`,
      });
    }
  }
}

/** A path that is declared twice would be rewritten twice; one outside of the copied fields does nothing. */
function checkPaths(rule: Copied, at: Path, context: Context): void {
  const roots = new Set([...(rule.fields ?? ['spec']), 'status']);
  const paths: readonly (readonly [Path, string, boolean])[] = [
    ...(rule.references ?? []).map(({ path, when }, index) => [['references', index, 'path'], path, !when] as const),
    ...(rule.selectors ?? []).map((path, index) => [['selectors', index], path, true] as const),
    ...(rule.labels ?? []).map((path, index) => [['labels', index], path, true] as const),
  ].map(([where, path, always]) => [[...where], path, always]);
  for (const [index, [where, path, always]] of paths.entries()) {
    if (!roots.has(path.split(/[.[]/)[0] ?? ''))
      report(context, [...at, ...where], path, 'is not in a field that is copied', { allowed: [...roots].join(', ') });
    if (paths.slice(0, index).some(([, other, otherAlways]) => other === path && (always || otherAlways)))
      report(context, [...at, ...where], path, 'is declared twice', { hint: 'tell them apart by `when`' });
  }
}

function report(context: Context, path: Path, input: unknown, message: string, params: IssueParams): void {
  context.addIssue({ code: 'custom', path, input, message, params });
}
