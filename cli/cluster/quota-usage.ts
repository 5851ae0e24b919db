import { parseSection, QUOTA_CONFIG_MAP, SECTION_KEY, sectionConfigMapName } from '../../lib/contract';
import { getObject } from '../kube/objects';
import { type KubeObject, RESOURCES } from '../kube/types';
import type { Session } from '../session';
import type { AccessTarget } from './access';
import { openInside } from './inside';

/** How much of one resource a virtual cluster holds on the host, and may hold. */
export interface QuotaUsage {
  /** As a ResourceQuota names it: `requests.cpu`. */
  readonly resource: string;
  readonly used: string;
  readonly hard: string;
}

interface ConfigMap extends KubeObject {
  readonly data?: { readonly [key: string]: string };
}

/** What a virtual cluster's quota says, as its tenants see it. None without a quota. */
export async function readQuotaUsage(session: Session, target: AccessTarget): Promise<readonly QuotaUsage[]> {
  const { signal } = session;
  const section = sectionConfigMapName(target.name, 'isolation');
  const declared = await getObject<ConfigMap>(session.api(), RESOURCES.configMaps, target.namespace, section, {
    signal,
  });
  if (!hasQuota(declared)) return [];
  const inside = await openInside(session, target);
  try {
    const { namespace, name } = QUOTA_CONFIG_MAP;
    const shown = await getObject<ConfigMap>(inside.api, RESOURCES.configMaps, namespace, name, { signal });
    return quotaUsageOf(shown?.data ?? {});
  } finally {
    await inside.close();
  }
}

/** Reads the ConfigMap in which the syncer shows it: a line `resource: amount` for each, in `hard` and in `used`. */
export function quotaUsageOf(data: { readonly [key: string]: string }): readonly QuotaUsage[] {
  const used = amountsIn(data.used);
  return [...amountsIn(data.hard)].map(([resource, hard]) => ({ resource, used: used.get(resource) ?? '0', hard }));
}

function amountsIn(text = ''): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line.includes(': '));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]));
}

function hasQuota(section: ConfigMap | undefined): boolean {
  const text = section?.data?.[SECTION_KEY];
  if (text === undefined) return false;
  const isolation = parseSection('isolation', text);
  return isolation.level !== 'off' && Object.keys(isolation.quota.hard).length > 0;
}
