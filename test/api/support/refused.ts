import { hostPaths } from '../../../host/paths';
import { clusterNames } from '../../../lib/contract';
import { auditEvents } from '../../support/audit/events';
import { grantsOf } from '../../support/audit/grants';
import { reportRights } from '../../support/audit/rights';
import { TRIED_WITHOUT_RIGHT } from '../../support/audit/unused-rights';
import { chosenHost, runSince } from './host';
import type { Pair } from './pair';

/** Requests of a pair's syncer that the host refused, because no role of it has the right: `create secrets in shop`. */
export async function refusedTo({ name, namespace }: Pick<Pair, 'name' | 'namespace'>): Promise<readonly string[]> {
  const account = clusterNames(name).serviceAccount;
  const user = `system:serviceaccount:${namespace}:${account}`;
  const { directory } = hostPaths(chosenHost());
  const events = await auditEvents(directory, { since: runSince(), mentioning: account });
  return reportRights(events, new Map([[user, grantsOf(events).get(user) ?? []]]))
    .refused.map(({ request }) => request)
    .filter((request) => !Object.hasOwn(TRIED_WITHOUT_RIGHT, request));
}
