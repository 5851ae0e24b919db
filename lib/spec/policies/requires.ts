import * as z from 'zod';
import { SpecError } from '../errors';
import type { IssueParams } from '../fields';
import { POLICY_OPTIONS, type PolicyOption } from './options';

const OPTIONS = Object.keys(POLICY_OPTIONS) as [PolicyOption, ...PolicyOption[]];

/** The schema of the options that policies declare. */
export const requiresSchema = z.array(z.enum(OPTIONS)).readonly();

/** An option is declared once: by the virtual cluster, or by a policy. */
export function notBoth(
  spec: { readonly requires?: readonly PolicyOption[] | undefined; readonly [option: string]: unknown },
  context: z.core.$RefinementCtx,
): void {
  for (const [index, option] of (spec.requires ?? []).entries()) {
    for (const declared of option === 'customResources' ? [option, 'patches'] : [option]) {
      if (spec[declared] === undefined) continue;
      const params: IssueParams = {
        allowed: 'options that this declaration leaves out',
        hint: `declare ${declared} here, or in a policy`,
      };
      const path = ['requires', index];
      context.addIssue({ code: 'custom', path, input: option, message: `${declared} is declared here too`, params });
    }
  }
}

/**
 * Makes sure that a virtual cluster waits for a policy that is declared beside it.
 * @throws SpecError `SPEC_INVALID` when the virtual cluster declares the option itself
 */
export function checkRequires(cluster: string, requires: readonly PolicyOption[], option: PolicyOption): void {
  if (requires.includes(option)) return;
  const issue = {
    path: 'cluster',
    value: undefined,
    message: `virtual cluster ${JSON.stringify(cluster)} does not wait for this policy, and has its own ${option}`,
    hint: `declare it with requires: ['${option}']`,
  };
  throw new SpecError([issue], `${option} policy of virtual cluster ${JSON.stringify(cluster)}`);
}
