import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { clusterNames } from '../../lib/contract';
import type { BenchCluster, BenchHost } from './cluster';
import type { Figure } from './report';

const entrySchema = z.object({
  auditID: z.string(),
  verb: z.string(),
  requestReceivedTimestamp: z.string(),
  user: z.object({ username: z.string() }),
  objectRef: z.object({ resource: z.string(), subresource: z.string().optional() }).optional(),
  requestURI: z.string(),
});

type Entry = z.infer<typeof entrySchema>;

/** The audit log is written at the end of each request; this is for requests that began within the window. */
const GRACE_MS = 5000;

/**
 * Counts what the syncer asks of the host's API while nothing happens. A watch counts when it is opened, not while it
 * stays open. Nothing but watches and renewals of the lease is expected.
 */
export async function measureIdle(host: BenchHost, cluster: BenchCluster, seconds: number): Promise<readonly Figure[]> {
  const { size } = await stat(host.auditLog);
  const from = Date.now();
  await sleep(seconds * 1000);
  const until = Date.now();
  await sleep(GRACE_MS);
  const log = (await readFile(host.auditLog)).subarray(size).toString('utf8');
  const user = `system:serviceaccount:${cluster.namespace}:${clusterNames(cluster.name).serviceAccount}`;
  return figuresOf(requestsOf(user, log, from, until), seconds);
}

/** The requests of one user that the API server received in a period; each is logged once or more. */
function requestsOf(user: string, log: string, from: number, until: number): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const line of log.split('\n')) {
    if (!line.includes(user)) continue;
    const entry = entrySchema.parse(JSON.parse(line));
    const at = Date.parse(entry.requestReceivedTimestamp);
    if (entry.user.username === user && at >= from && at < until) entries.set(entry.auditID, entry);
  }
  return [...entries.values()];
}

function figuresOf(entries: readonly Entry[], seconds: number): readonly Figure[] {
  const watches = entries.filter(({ verb }) => verb === 'watch');
  const renewals = entries.filter((entry) => entry.verb !== 'watch' && isRenewal(entry));
  const others = entries.filter((entry) => entry.verb !== 'watch' && !isRenewal(entry));
  const figure = (id: string, what: string, counted: readonly Entry[]): Figure => ({
    id: `idle/${id}`,
    what: `idle for ${seconds} s: ${what}`,
    value: counted.length,
    unit: '',
    detail: grouped(counted),
  });
  return [
    { ...figure('other', 'requests but those below', others), target: { atMost: 0 } },
    figure('lease', 'renewals of the lease', renewals),
    figure('watches', 'watches opened anew', watches),
  ];
}

function isRenewal({ verb, objectRef }: Entry): boolean {
  return (verb === 'update' || verb === 'patch') && objectRef?.resource === 'leases';
}

/** `3 update leases, 1 get pods/log`. */
function grouped(entries: readonly Entry[]): string {
  const counts = new Map<string, number>();
  for (const { verb, objectRef, requestURI } of entries) {
    const { resource, subresource } = objectRef ?? { resource: requestURI.split('?', 1)[0] };
    const kind = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
