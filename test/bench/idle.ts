import { setTimeout as sleep } from 'node:timers/promises';
import { type AuditedRequest, auditedRequests, grouped } from './audit';
import type { BenchCluster, BenchHost } from './cluster';
import type { Figure } from './report';

/**
 * Counts what the syncer asks of the host's API while nothing happens. A watch counts when it is opened, not while it
 * stays open. Nothing but watches and renewals of the lease is expected.
 */
export async function measureIdle(host: BenchHost, cluster: BenchCluster, seconds: number): Promise<readonly Figure[]> {
  const from = Date.now();
  await sleep(seconds * 1000);
  return figuresOf(await auditedRequests(host, cluster, from, Date.now()), seconds);
}

function figuresOf(requests: readonly AuditedRequest[], seconds: number): readonly Figure[] {
  const watches = requests.filter(({ verb }) => verb === 'watch');
  const renewals = requests.filter((request) => request.verb !== 'watch' && isRenewal(request));
  const others = requests.filter((request) => request.verb !== 'watch' && !isRenewal(request));
  const figure = (id: string, what: string, counted: readonly AuditedRequest[]): Figure => ({
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

function isRenewal({ verb, objectRef }: AuditedRequest): boolean {
  return (verb === 'update' || verb === 'patch') && objectRef?.resource === 'leases';
}
