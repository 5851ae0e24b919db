import { z } from 'zod';

/** How one spec ended. */
export type Outcome =
  /** `attempts` counts the runs: 2 where it failed beside others and passed alone. */
  | { readonly kind: 'passed'; readonly attempts: number }
  /** `message` is the failure's first line, `at` the file and line of the spec. */
  | { readonly kind: 'failed'; readonly message: string; readonly at: string }
  /** The spec itself found that this cluster lacks what it wants. */
  | { readonly kind: 'skipped'; readonly message: string }
  /** It was chosen, but time ran out before it. */
  | { readonly kind: 'unfinished' };

/** One spec and how it ended. */
export interface SpecResult {
  /** The full text, by which a spec is known. */
  readonly text: string;
  /** The group that owns it: `sig-node`. */
  readonly sig: string;
  readonly seconds: number;
  readonly outcome: Outcome;
}

/** Not run: they want the cluster to themselves, or break it. They count as excluded, not as passed. */
export const EXCLUDED = /\[Serial\]|\[Disruptive\]/;
const CONFORMANCE = '[Conformance]';

/** What a Ginkgo report says of the conformance specs that were chosen, and how many are excluded. */
export interface ReportResults {
  readonly specs: readonly SpecResult[];
  readonly excluded: number;
}

/**
 * Reads Ginkgo's JSON report.
 * @param focus the expression by which specs were chosen
 */
export function readReport(report: unknown, focus: string | undefined): ReportResults {
  const wanted = focus === undefined ? undefined : new RegExp(focus);
  const all = reportSchema
    .parse(report)
    .flatMap(({ SpecReports }) => SpecReports ?? [])
    .filter(({ LeafNodeType, LeafNodeText }) => LeafNodeType === 'It' && LeafNodeText.includes(CONFORMANCE))
    .map((spec) => ({ spec, text: fullText(spec) }))
    .filter(({ text }) => wanted === undefined || wanted.test(text));
  const chosen = all.filter(({ text }) => !EXCLUDED.test(text));
  return {
    specs: chosen.map(({ spec, text }) => ({
      text,
      sig: /\[(sig-[a-z-]+)\]/.exec(text)?.[1] ?? 'none',
      seconds: Math.round(spec.RunTime / 1e9),
      outcome: outcomeOf(spec),
    })),
    excluded: all.length - chosen.length,
  };
}

/** Puts what specs did when they ran again, alone, in the place of how they failed before. */
export function mergeRetry(first: readonly SpecResult[], again: readonly SpecResult[]): readonly SpecResult[] {
  const second = new Map(again.map((spec) => [spec.text, spec]));
  return first.map((spec) => {
    const later = second.get(spec.text);
    if (spec.outcome.kind === 'passed' || later === undefined || later.outcome.kind === 'unfinished') return spec;
    return later.outcome.kind === 'passed' ? { ...later, outcome: { kind: 'passed', attempts: 2 } } : later;
  });
}

/** The part of Ginkgo's `types.Report` that is read here. */
const specSchema = z.object({
  ContainerHierarchyTexts: z.array(z.string()).nullable(),
  LeafNodeType: z.string(),
  LeafNodeText: z.string(),
  State: z.string(),
  RunTime: z.number(),
  NumAttempts: z.int(),
  Failure: z
    .object({ Message: z.string(), Location: z.object({ FileName: z.string(), LineNumber: z.int() }) })
    .optional(),
});
const reportSchema = z.array(z.object({ SpecReports: z.array(specSchema).nullish() }));
type GinkgoSpec = z.infer<typeof specSchema>;

function fullText({ ContainerHierarchyTexts, LeafNodeText }: GinkgoSpec): string {
  return [...(ContainerHierarchyTexts ?? []), LeafNodeText].join(' ');
}

function outcomeOf({ State, NumAttempts, Failure }: GinkgoSpec): Outcome {
  const message = firstLine(Failure?.Message ?? '');
  if (State === 'passed') return { kind: 'passed', attempts: 1 };
  if (State === 'skipped') return NumAttempts === 0 ? { kind: 'unfinished' } : { kind: 'skipped', message };
  if (State === 'pending' || State === 'interrupted') return { kind: 'unfinished' };
  const { FileName, LineNumber } = Failure?.Location ?? { FileName: '', LineNumber: 0 };
  return { kind: 'failed', message: message === '' ? State : message, at: `${sourceFile(FileName)}:${LineNumber}` };
}

/** The path within Kubernetes' repository. */
function sourceFile(path: string): string {
  return path.replace(/^.*?(?=test\/e2e)/, '');
}

/** A first line that only announces what follows takes the next one with it. */
function firstLine(message: string): string {
  const [first = '', second = ''] = message
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const text = /^(unexpected error|expected|timed out.*)[:.]?$/i.test(first) ? `${first} ${second}` : first;
  return text.slice(0, 300);
}
