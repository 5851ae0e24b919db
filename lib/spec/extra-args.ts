import * as z from 'zod';
import { checkText, type IssueParams } from './fields';
import type { Later } from './markers';
import { RULES } from './rules';

/** Further flags of a component, without the leading dashes: `{ v: '4' }`; a list repeats the flag. */
export interface ExtraArgs<Text = string> {
  readonly [flag: string]: Text | readonly Text[];
}

/** {@link ExtraArgs} as a command line takes them, in the order of the declaration. */
export type ResolvedExtraArgs = readonly { readonly flag: string; readonly value: string }[];

const FLAG = /^[a-z][a-z0-9-]*$/;

/**
 * The schema of {@link ExtraArgs} of one component.
 * @param reserved flags that Sublet sets, which would break the virtual cluster, or its isolation, when set again
 */
export function extraArgsSchema(
  component: string,
  reserved: readonly string[],
): z.ZodType<ExtraArgs, ExtraArgs<string | Later>> {
  return z.custom<ExtraArgs>().superRefine((args, context) => {
    const report = (path: (string | number)[], input: unknown, message: string, params: IssueParams): void =>
      context.addIssue({ code: 'custom', path, input, message, params });
    if (typeof args !== 'object' || args === null || Array.isArray(args)) {
      report([], args, 'is not an object', { allowed: `flags of ${component} and their values` });
      return;
    }
    for (const [flag, value] of Object.entries(args)) {
      const problem = flagProblem(flag, component, reserved);
      if (problem !== undefined) report([flag], flag, problem.message, problem.params);
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      values.forEach((item, index) => {
        const path = Array.isArray(value) ? [flag, index] : [flag];
        checkText(item, RULES.free, ({ message, params }) => report(path, item, message, params));
      });
    }
  });
}

/** Takes repeated flags apart. */
export function resolveExtraArgs(args: ExtraArgs = {}): ResolvedExtraArgs {
  return Object.entries(args).flatMap(([flag, value]) => asList(value).map((item) => ({ flag, value: item })));
}

function asList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function flagProblem(
  flag: string,
  component: string,
  reserved: readonly string[],
): { message: string; params: IssueParams } | undefined {
  const bare = flag.replace(/^-+/, '');
  if (reserved.includes(bare)) {
    const params = { allowed: `any flag of ${component} but ${reserved.join(', ')}` };
    return { message: `--${bare} is set by Sublet`, params };
  }
  if (FLAG.test(flag)) return undefined;
  const meant = FLAG.test(bare) ? bare : undefined;
  return {
    message: 'is not the name of a flag',
    params: {
      allowed: 'a flag without its dashes',
      ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }),
    },
  };
}
