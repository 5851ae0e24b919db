import * as z from 'zod';
import { isMarker, type Later } from './markers';
import { RULES, type TextRule } from './rules';

/** The parameters of a custom issue: what {@link import('./errors').SpecIssue} shows beyond its message. */
export interface IssueParams {
  readonly allowed?: string;
  readonly hint?: string;
}

/** A text field. A marker passes any rule, for its value is not known yet. */
export function text(rule: TextRule): z.ZodType<string, string | Later> {
  return z.custom<string>().superRefine((value, context) => {
    checkText(value, rule, (issue) => context.addIssue({ ...issue, code: 'custom', input: value }));
  });
}

/** A list of text fields. */
export function texts(rule: TextRule) {
  return z.array(text(rule)).readonly();
}

/** A list of text fields, none of them twice. */
export function distinctTexts(rule: TextRule) {
  return z
    .array(text(rule))
    .superRefine((items, context) => {
      for (const [index, item] of items.entries()) {
        if (items.indexOf(item) === index) continue;
        const params: IssueParams = { allowed: 'each once' };
        context.addIssue({ code: 'custom', path: [index], input: item, message: 'stands there twice', params });
      }
    })
    .readonly();
}

/** Texts by a label or annotation key. */
export function textsByKey(rule: TextRule) {
  return z.record(z.string(), text(rule)).superRefine((record, context) => {
    for (const key of Object.keys(record)) {
      if (RULES.labelKey.test(key)) continue;
      const params: IssueParams = { allowed: RULES.labelKey.allowed };
      context.addIssue({
        code: 'custom',
        path: [key],
        input: key,
        message: 'is not a label or annotation key',
        params,
      });
    }
  });
}

/** {@link wholeNumber}, or a marker of one: nothing may be computed with it. */
export function laterNumber(minimum: number, maximum: number): z.ZodType<number, number | Later> {
  const known = wholeNumber(minimum, maximum);
  return z.custom<number>().superRefine((value: unknown, context) => {
    if (isMarker(value)) return;
    for (const issue of known.safeParse(value).error?.issues ?? []) context.addIssue({ ...issue });
  });
}

/** True or false, or a marker of one: nothing may be decided by it. */
export function laterSwitch(): z.ZodType<boolean, boolean | Later> {
  const known = z.boolean();
  return z.custom<boolean>().superRefine((value: unknown, context) => {
    if (isMarker(value)) return;
    for (const issue of known.safeParse(value).error?.issues ?? []) context.addIssue({ ...issue });
  });
}

/** A whole number in a range, both ends included. */
export function wholeNumber(minimum: number, maximum: number) {
  return z.custom<number>().superRefine((value, context) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return;
    const params: IssueParams = { allowed: `a whole number from ${minimum} to ${maximum}` };
    context.addIssue({ code: 'custom', input: value, message: 'is not such a number', params });
  });
}

/** A text that decides which objects or rights exist, so that a value that is known only at deployment can't stand there. */
export function plainText({ allowed, test, hint }: TextRule) {
  return plain((text) => {
    if (test(text)) return undefined;
    const better = hint?.(text);
    return { message: 'is not valid', params: { allowed, ...(better === undefined ? {} : { hint: better }) } };
  });
}

/** {@link plainText} by a rule that words what is wrong itself. */
export function plain<T extends string = string>(
  problem: (text: string) => { readonly message: string; readonly params: IssueParams } | undefined,
) {
  return z.custom<T>().superRefine((value: unknown, context) => {
    const found =
      typeof value === 'string'
        ? problem(value)
        : { message: value === undefined ? 'is missing' : 'is not a text', params: {} };
    if (found !== undefined) context.addIssue({ ...found, code: 'custom', input: value });
  });
}

/** Reports what is wrong with a text, if anything is. */
export function checkText(
  value: unknown,
  rule: TextRule,
  report: (issue: { message: string; params: IssueParams }) => void,
): void {
  if (isMarker(value) || (typeof value === 'string' && rule.test(value))) return;
  const message = value === undefined ? 'is missing' : typeof value === 'string' ? 'is not valid' : 'is not a text';
  const hint = typeof value === 'string' ? rule.hint?.(value) : undefined;
  report({ message, params: { allowed: rule.allowed, ...(hint === undefined ? {} : { hint }) } });
}
