import type { ClusterContext } from '../../engine/types';
import { QuotaLedger } from './ledger';

/** The ledger of what the cluster holds on the host, where anything of it is limited. */
export function openQuota(context: ClusterContext): QuotaLedger | undefined {
  const { isolation } = context.sections;
  if (isolation.level === 'off' || Object.keys(isolation.quota.hard).length === 0) return undefined;
  return new QuotaLedger(context, isolation.quota);
}
