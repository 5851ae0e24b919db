import * as z from 'zod';
import {
  type CopiedKind,
  isShownKind,
  NAME_HELPER,
  type ObjectPatchRule,
  PATCH_GLOBALS,
  PATCHABLE_KINDS,
  type ShownKind,
} from '../contract';
import type { DefinitionName } from './custom-fields';
import { checkText, type IssueParams, plain } from './fields';
import { freeVariables, parseFunction } from './free-variables';
import { nearest } from './nearest';
import type { AnyObject, Frozen, PatchableTypes, PatchContext } from './patch-types';
import type { TextRule } from './rules';

/** A kind that a patch can be for: one of Kubernetes' own, or the definition of a custom kind that crosses. */
export type PatchableKind = CopiedKind | ShownKind | DefinitionName;

/**
 * A change to an object on its way: a pure function of the object as Sublet would write it. The object is frozen, so the
 * function returns a new one. It may use nothing from around it, no clock and no randomness, and leaves alone what tells
 * whose the object is: name, namespace, owners, and labels and annotations of Sublet's.
 */
export type Transform<T> = (object: Frozen<T>, context: PatchContext) => Frozen<T>;

/** Changes of one kind, with their way back. */
interface TwoWays<T> {
  /** Changes what the host gets. */
  readonly toHost: Transform<T>;
  /** Changes the host's object before its status, or what the host decided, is shown to the tenant. */
  readonly toVirtual: Transform<T>;
  /** Both ways are given. */
  readonly oneWay?: never;
}

/** A change that needs no way back. */
type OneWay<T> = { readonly oneWay: true } & (
  | { readonly toHost: Transform<T>; readonly toVirtual?: never }
  | { readonly toVirtual: Transform<T>; readonly toHost?: never }
);

/** What {@link patch} takes. */
export type PatchOptions<Kind extends PatchableKind, T> = { readonly kind: Kind } & (TwoWays<T> | OneWay<T>);

/** Changes to the objects of one kind on their way, as the text of functions. {@link patch} makes it. */
export interface Patch {
  /** The kind whose objects are changed. */
  readonly kind: PatchableKind;
  /** A function of JavaScript. */
  readonly toHost?: string;
  /** A function of JavaScript. */
  readonly toVirtual?: string;
  /** That there is no way back is intended. */
  readonly oneWay?: boolean;
}

/** Changes to the objects of one kind on their way between the virtual cluster and the host. */
export function patch<Kind extends keyof PatchableTypes>(options: PatchOptions<Kind, PatchableTypes[Kind]>): Patch;
/** The same for a kind whose type is not known here. */
export function patch<T extends object = AnyObject>(
  options: PatchOptions<Exclude<PatchableKind, keyof PatchableTypes>, T>,
): Patch;
export function patch(options: {
  readonly kind: PatchableKind;
  readonly toHost?: unknown;
  readonly toVirtual?: unknown;
  readonly oneWay?: true;
}): Patch {
  const { kind, toHost, toVirtual, oneWay } = options;
  return {
    kind,
    ...(toHost === undefined ? {} : { toHost: String(toHost) }),
    ...(toVirtual === undefined ? {} : { toVirtual: String(toVirtual) }),
    ...(oneWay === undefined ? {} : { oneWay }),
  };
}

const KNOWN: ReadonlySet<string> = new Set([...PATCH_GLOBALS, NAME_HELPER]);

/** The text of a function without free variables. */
const sourceSchema = z.custom<string>().superRefine((value, context) => {
  checkText(value, ANY, (issue) => context.addIssue({ ...issue, code: 'custom', input: value }));
  if (typeof value !== 'string') return;
  for (const { message, params } of problemsOf(value)) {
    // The function's text would drown what is said about it.
    context.addIssue({ code: 'custom', message, params });
  }
});

const ANY: TextRule = { allowed: 'a function', test: () => true };

function problemsOf(source: string): readonly { readonly message: string; readonly params: IssueParams }[] {
  const parsed = parseFunction(source);
  if (parsed.kind === 'invalid')
    return [
      {
        message: parsed.reason,
        params: { allowed: 'a function that is neither native, bound, async nor a generator' },
      },
    ];
  return freeVariables(parsed.node, KNOWN).map((name) => ({
    message: `uses ${JSON.stringify(name)}, which it does not declare`,
    params: {
      allowed: 'its arguments, its own variables and the deterministic parts of JavaScript',
      hint: hintAbout(name),
    },
  }));
}

function hintAbout(name: string): string {
  if (name === 'Date' || name === 'Math.random') return 'the same object must always become the same object';
  if (/^_(_|ts_|sw|async|object|define|class)/.test(name))
    return 'this is a helper of a compiler: let it emit ES2022 or newer';
  return 'the function runs in the syncer, alone: write what it needs into it';
}

const kindSchema = plain<PatchableKind>((text) => {
  if (text.includes('.') || PATCHABLE_KINDS.some((kind) => kind === text)) return undefined;
  const meant = nearest(text, PATCHABLE_KINDS);
  return {
    message: 'is not a kind that crosses',
    params: {
      allowed: `${PATCHABLE_KINDS.join(', ')}, or the definition of a custom kind`,
      ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }),
    },
  };
});

/** The schema of a list of patches. */
export const patchesSchema = z
  .array(
    z
      .strictObject({
        kind: kindSchema,
        toHost: sourceSchema.optional(),
        toVirtual: sourceSchema.optional(),
        oneWay: z.boolean().optional(),
      })
      .superRefine(({ kind, toHost, toVirtual, oneWay = false }, context) => {
        const report = (message: string, params: IssueParams): void => {
          context.addIssue({ code: 'custom', message, params });
        };
        const count = [toHost, toVirtual].filter((one) => one !== undefined).length;
        if (count === 0) report('changes nothing', { allowed: 'toHost, toVirtual or both' });
        if (count === 1 && !oneWay)
          report('has no way back', { hint: 'give both toHost and toVirtual, or say oneWay: true' });
        if (count === 2 && oneWay) report('is said to be one-way, but has both ways', { hint: 'leave out oneWay' });
        if (isShownKind(kind) && toHost !== undefined)
          report(`changes ${kind} on their way to the host, where they never go`, { allowed: 'toVirtual' });
      })
      .readonly(),
  )
  .superRefine((patches, context) => {
    for (const [index, { kind }] of patches.entries()) {
      if (patches.findIndex((other) => other.kind === kind) === index) continue;
      const params: IssueParams = { allowed: 'one patch for each kind', hint: 'make one function of both' };
      context.addIssue({ code: 'custom', path: [index, 'kind'], input: kind, message: 'has a patch already', params });
    }
  })
  .readonly();

interface Defined {
  readonly definition: string;
}

/** Reports patches for custom kinds that do not cross. */
export function checkPatchedKinds(
  patches: readonly { readonly kind: string; readonly toHost?: string | undefined }[],
  { toHost = [], fromHost = [] }: { readonly [direction in 'toHost' | 'fromHost']?: readonly Defined[] | undefined },
  context: z.core.$RefinementCtx,
): void {
  const shown = new Set<string>(fromHost.map(({ definition }) => definition));
  const crossing = new Set<string>([...toHost.map(({ definition }) => definition), ...shown]);
  for (const [index, { kind, toHost: changed }] of patches.entries()) {
    // What is no kind at all has been reported.
    if (typeof kind !== 'string' || !kind.includes('.')) continue;
    const report = (message: string, params: IssueParams): void => {
      context.addIssue({ code: 'custom', path: ['patches', index, 'kind'], input: kind, message, params });
    };
    if (!crossing.has(kind)) report('is a custom kind that does not cross', { hint: 'declare it in customResources' });
    else if (shown.has(kind) && changed !== undefined)
      report('never goes to the host', { hint: 'leave out toHost and say oneWay: true' });
  }
}

/** The patch as the syncer is told it. */
export function resolvePatch({ kind, toHost, toVirtual }: Patch): ObjectPatchRule {
  return {
    kind,
    ...(toHost === undefined ? {} : { toHost: expressionOf(toHost) }),
    ...(toVirtual === undefined ? {} : { toVirtual: expressionOf(toVirtual) }),
  };
}

/** The source as an expression; one that is not valid has been reported before. */
function expressionOf(source: string): string {
  const parsed = parseFunction(source);
  return parsed.kind === 'function' ? parsed.source : source;
}
