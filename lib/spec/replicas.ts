import type * as z from 'zod';
import type { IssueParams } from './fields';

/** Refuses more than one pod for a store that only one of them could open. */
export function oneReplica(
  {
    store,
    controlPlane,
  }: {
    readonly store?: { readonly kind: string } | undefined;
    readonly controlPlane?: { readonly replicas?: unknown } | undefined;
  },
  context: z.core.$RefinementCtx,
): void {
  const replicas = controlPlane?.replicas ?? 1;
  if (replicas === 1 || (store !== undefined && store.kind !== 'sqlite')) return;
  const params: IssueParams = {
    allowed: '1 with the store sqlite, which one pod has to itself',
    hint: 'several pods share a store outside of them: store.kind postgres, mysql or etcd',
  };
  context.addIssue({
    code: 'custom',
    path: ['controlPlane', 'replicas'],
    input: replicas,
    message: 'does not go with the store',
    params,
  });
}
