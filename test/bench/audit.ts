import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { clusterNames } from '../../lib/contract';
import type { BenchCluster, BenchHost } from './cluster';

const requestSchema = z.object({
  auditID: z.string(),
  verb: z.string(),
  requestReceivedTimestamp: z.string(),
  user: z.object({ username: z.string() }),
  objectRef: z.object({ resource: z.string(), subresource: z.string().optional() }).optional(),
  requestURI: z.string(),
});

/** A request to the host's API, as its audit log tells it. */
export type AuditedRequest = z.infer<typeof requestSchema>;

/** Requests are logged when they end, and in batches: some seconds pass until the log has those of a period. */
const GRACE_MS = 5000;

/** The requests of a cluster's syncer that the host's API received between two times (`Date.now()`). */
export async function auditedRequests(
  host: BenchHost,
  cluster: BenchCluster,
  from: number,
  until: number,
): Promise<readonly AuditedRequest[]> {
  await sleep(GRACE_MS);
  const user = `system:serviceaccount:${cluster.namespace}:${clusterNames(cluster.name).serviceAccount}`;
  // Each is logged once or more: a watch when it begins and when it ends.
  const requests = new Map<string, AuditedRequest>();
  for (const line of (await readFile(host.auditLog, 'utf8')).split('\n')) {
    if (!line.includes(user)) continue;
    const request = requestSchema.parse(JSON.parse(line));
    const at = Date.parse(request.requestReceivedTimestamp);
    if (request.user.username === user && at >= from && at < until) requests.set(request.auditID, request);
  }
  return [...requests.values()];
}

/** `3 update leases, 1 get pods/log`. */
export function grouped(requests: readonly AuditedRequest[]): string {
  const counts = new Map<string, number>();
  for (const { verb, objectRef, requestURI } of requests) {
    const { resource, subresource } = objectRef ?? { resource: requestURI.split('?', 1)[0] };
    const kind = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
