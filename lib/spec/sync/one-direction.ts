import type * as z from 'zod';
import type { IssueParams } from '../fields';

/** Kinds that can come from one side only, since both sides would claim the same objects. */
const ONE_DIRECTION = ['storageClasses', 'priorityClasses'] as const;

type Kinds = {
  readonly [kind in (typeof ONE_DIRECTION)[number]]?: { readonly enabled?: boolean | undefined } | undefined;
};

/** Refuses kinds that are switched on in both directions. A selector alone switches a kind on too. */
export function inOneDirection(
  { toHost = {}, fromHost = {} }: { readonly toHost?: Kinds | undefined; readonly fromHost?: Kinds | undefined },
  context: z.core.$RefinementCtx,
): void {
  for (const kind of ONE_DIRECTION) {
    const shown = fromHost[kind];
    if (!toHost[kind]?.enabled || shown === undefined || !(shown.enabled ?? 'selector' in shown)) continue;
    const params: IssueParams = { allowed: `${kind} in toHost or in fromHost`, hint: 'switch one of the two off' };
    context.addIssue({
      code: 'custom',
      path: ['fromHost', kind],
      input: shown,
      message: 'is switched on in both directions',
      params,
    });
  }
}
