import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hostPaths } from '../../../host/paths';
import { LABELS } from '../../../lib/contract';
import type { KubeObject } from '../../../syncer/kube/types';
import { auditLines } from '../../support/audit/events';
import { leakedIn, leaksIn } from '../../support/leaks';
import type { TestApi } from './api';
import { chosenHost } from './host';
import type { Pair } from './pair';

/**
 * Where tokens and private keys of a pair of clusters can be read by those who may not: in any object of its namespaces
 * on the host but for what Secrets hold, in events of either side, in logs of the control plane, in metrics, in the
 * host's audit log.
 * @returns a line for each place, without the secret
 */
export async function leaksOf(
  pair: Pick<Pair, 'name' | 'namespace' | 'host' | 'virtual' | 'syncer'>,
): Promise<readonly string[]> {
  const { name, host, virtual, syncer } = pair;
  const namespaces = (await host.list(NAMESPACES)).filter(
    ({ metadata }) => metadata.name === pair.namespace || metadata.labels?.[LABELS.managedBy] === name,
  );
  const places = namespaces.map(({ metadata }) => metadata.name ?? '');
  const objects = await Promise.all([
    ...(await kindsOf(host)).flatMap((kind) => places.map((place) => leaksOfKind(host, 'host', kind, place))),
    ...(await kindsOf(virtual))
      .filter(({ plural }) => plural === 'events')
      .map((kind) => leaksOfKind(virtual, 'virtual', kind)),
  ]);
  const metrics = leakedIn(await syncer.metrics()).map((kind) => `metrics of the syncer: ${kind}`);
  return [...objects.flat(), ...metrics, ...(await leaksInLogs(name)), ...(await leaksInAudit(name))];
}

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };

interface ServedKind {
  /** `/api/v1`, `/apis/apps/v1`. */
  readonly root: string;
  readonly plural: string;
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

interface GroupList {
  readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
}

interface ObjectList {
  readonly items?: readonly KubeObject[];
}

/** The namespaced kinds that an API server can list. */
async function kindsOf(api: TestApi): Promise<readonly ServedKind[]> {
  const { groups } = (await api.client.raw('/apis')) as GroupList;
  const roots = ['/api/v1', ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const lists = await Promise.all(
    roots.map(async (root) => {
      // An aggregated API may have nobody to answer.
      const list = (await api.client.raw(root).catch(() => ({}))) as ResourceList;
      return (list.resources ?? [])
        .filter(({ namespaced, verbs }) => namespaced && verbs.includes('list'))
        .map(({ name }) => ({ root, plural: name }));
    }),
  );
  return lists.flat();
}

async function leaksOfKind(
  api: TestApi,
  side: 'host' | 'virtual',
  { root, plural }: ServedKind,
  namespace?: string,
): Promise<readonly string[]> {
  const path = namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
  const { items = [] } = (await api.client.raw(path)) as ObjectList;
  return items.flatMap((item) => {
    const { data: _, ...readable } = { data: undefined, ...item };
    const looked = plural === 'secrets' ? readable : item;
    return leaksIn(looked).map((leak) => `${side} ${plural} ${item.metadata.namespace}/${item.metadata.name}: ${leak}`);
  });
}

/** The logs of the containers of the control plane, line by line: after an hour they are too long for one text. */
async function leaksInLogs(cluster: string): Promise<readonly string[]> {
  const { logs } = hostPaths(chosenHost());
  const leaks: string[] = [];
  for (const file of (await readdir(logs)).filter((name) => name.startsWith(`${cluster}-`))) {
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(join(logs, file)) })) {
      number += 1;
      leaks.push(...leakedIn(line).map((kind) => `log ${file}:${number}: ${kind}`));
    }
  }
  return leaks;
}

async function leaksInAudit(cluster: string): Promise<readonly string[]> {
  const leaks: string[] = [];
  let number = 0;
  for await (const line of auditLines(hostPaths(chosenHost()).directory)) {
    number += 1;
    if (line.includes(cluster)) leaks.push(...leakedIn(line).map((kind) => `audit log, line ${number}: ${kind}`));
  }
  return leaks;
}
