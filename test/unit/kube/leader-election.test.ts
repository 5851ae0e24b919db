import { type LeaderElectionOptions, runLeaderElection } from '../../../syncer/kube/leader-election';
import { holderOf } from '../../../syncer/kube/lease';
import { LeaseServer } from './support/lease-server';
import { ManualClock, settle } from './support/manual-clock';

function candidate(
  server: LeaseServer,
  clock: ManualClock,
  identity: string,
  options: Partial<LeaderElectionOptions> = {},
) {
  const stop = new AbortController();
  const log: string[] = [];
  const state = { leading: false, terms: 0 };
  const running = runLeaderElection(
    {
      client: server.clientOf(identity, clock),
      namespace: 'ns',
      name: 'lease',
      identity,
      clock,
      random: () => 0,
      onStartedLeading: (signal) => {
        state.leading = true;
        state.terms += 1;
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            state.leading = false;
            resolve();
          });
        });
      },
      onStoppedLeading: () => log.push('stopped'),
      ...options,
    },
    stop.signal,
  );
  return { state, log, running, stop };
}

describe('a leader election', () => {
  let server: LeaseServer;
  let clock: ManualClock;
  beforeEach(() => {
    server = new LeaseServer();
    clock = new ManualClock();
  });

  it('makes the first one leader, who renews with one request each five seconds', async () => {
    const a = candidate(server, clock, 'a');
    await clock.advance(0);
    expect(a.state.leading).toBe(true);
    expect(server.lease?.spec).toMatchObject({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      acquireTime: '2026-01-01T00:00:00.000000Z',
    });
    await clock.advance(20_000);
    expect(server.requests).toEqual(['a get', 'a create', ...Array(4).fill('a update')]);
    expect(server.lease?.spec).toMatchObject({
      renewTime: '2026-01-01T00:00:20.000000Z',
      acquireTime: '2026-01-01T00:00:00.000000Z',
    });
    a.stop.abort();
    await a.running;
  });

  it('frees the lease when the leader leaves, so that the next one need not wait', async () => {
    const a = candidate(server, clock, 'a');
    await clock.advance(0);
    const b = candidate(server, clock, 'b');
    await clock.advance(10_000);
    expect(b.state.leading).toBe(false);
    a.stop.abort();
    await a.running;
    expect(server.lease && holderOf(server.lease)).toBeUndefined();
    expect(a.log).toEqual(['stopped']);
    await clock.advance(2_000);
    expect(b.state.leading).toBe(true);
    expect(server.lease?.spec?.leaseTransitions).toBe(1);
    b.stop.abort();
    await b.running;
  });

  it('has never two leaders: one that is cut off stops before another starts', async () => {
    const a = candidate(server, clock, 'a');
    await clock.advance(0);
    const b = candidate(server, clock, 'b');
    await clock.advance(7_000);
    server.cutOff.add('a');
    let stoppedAt: number | undefined;
    let startedAt: number | undefined;
    for (let i = 0; i < 300; i += 1) {
      await clock.advance(100);
      expect(a.state.leading && b.state.leading).toBe(false);
      if (!a.state.leading) stoppedAt ??= clock.now();
      if (b.state.leading) startedAt ??= clock.now();
    }
    expect(stoppedAt).toBeLessThanOrEqual(15_100);
    expect(startedAt).toBeGreaterThanOrEqual(20_000);
    a.stop.abort();
    b.stop.abort();
    await Promise.all([a.running, b.running]);
  });

  it('takes a lease in its own name at once: a restarted container does not wait for itself', async () => {
    const a = candidate(server, clock, 'a');
    await clock.advance(0);
    server.cutOff.add('a');
    a.stop.abort();
    await a.running;
    server.cutOff.clear();
    const restarted = candidate(server, clock, 'a');
    await clock.advance(0);
    expect(restarted.state.leading).toBe(true);
    expect(server.lease?.spec?.leaseTransitions).toBe(0);
    restarted.stop.abort();
    await restarted.running;
  });

  it('judges expiry by what it saw, not by times that others wrote', async () => {
    const a = candidate(server, clock, 'a');
    await clock.advance(0);
    server.edit((lease) => ({
      ...lease,
      spec: { ...lease.spec, holderIdentity: 'x', renewTime: '1999-01-01T00:00:00.000000Z' },
    }));
    a.stop.abort();
    await a.running;
    const b = candidate(server, clock, 'b');
    await clock.advance(14_000);
    expect(b.state.leading).toBe(false);
    await clock.advance(3_000);
    expect(b.state.leading).toBe(true);
    b.stop.abort();
    await b.running;
  });

  it('goes on leading over a short outage and over hanging requests', async () => {
    const a = candidate(server, clock, 'a');
    await clock.advance(4_900);
    server.hang = true;
    await clock.advance(4_000);
    server.hang = false;
    await clock.advance(60_000);
    expect(a.state).toEqual({ leading: true, terms: 1 });
    a.stop.abort();
    await a.running;
  });

  it('leads again after a loss, but only once the work of the first term has ended', async () => {
    const ended = Promise.withResolvers<void>();
    let terms = 0;
    const a = candidate(server, clock, 'a', {
      onStartedLeading: (signal) => {
        terms += 1;
        return terms === 1
          ? ended.promise
          : new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    });
    await clock.advance(0);
    server.cutOff.add('a');
    await clock.advance(20_000);
    server.cutOff.clear();
    await clock.advance(20_000);
    expect(terms).toBe(1);
    ended.resolve();
    await clock.advance(1_000);
    expect(terms).toBe(2);
    a.stop.abort();
    await a.running;
  });

  it('stops at once when somebody else holds the lease', async () => {
    const a = candidate(server, clock, 'a');
    await clock.advance(0);
    server.edit((lease) => ({ ...lease, spec: { ...lease.spec, holderIdentity: 'thief' } }));
    await clock.advance(5_000);
    expect(a.state.leading).toBe(false);
    a.stop.abort();
    await a.running;
    expect(server.lease && holderOf(server.lease)).toBe('thief');
  });

  it('makes a lease anew that somebody deleted', async () => {
    const a = candidate(server, clock, 'a');
    await clock.advance(0);
    server.lease = undefined;
    await clock.advance(6_000);
    expect(a.state).toEqual({ leading: true, terms: 1 });
    expect(server.lease).toMatchObject({ spec: { holderIdentity: 'a' } });
    a.stop.abort();
    await a.running;
  });

  it('writes its annotations with each renewal, keeps those of others, and shows them', async () => {
    let round = 0;
    const seen: (string | undefined)[] = [];
    const a = candidate(server, clock, 'a', {
      annotations: () => {
        round += 1;
        return { 'sublet.dev/round': String(round) };
      },
      onObserved: (lease) => seen.push(lease.metadata.annotations?.operator),
    });
    await clock.advance(0);
    server.edit((lease) => ({
      ...lease,
      metadata: { ...lease.metadata, annotations: { ...lease.metadata.annotations, operator: 'yes' } },
    }));
    await clock.advance(5_000);
    expect(seen).toEqual([undefined, 'yes', 'yes']);
    expect(server.lease?.metadata.annotations).toEqual({ operator: 'yes', 'sublet.dev/round': String(round) });
    a.stop.abort();
    await a.running;
    expect(server.lease?.metadata.annotations).toHaveProperty('operator', 'yes');
  });

  it('ends, with the lease free, when the leading work ends of itself', async () => {
    const a = candidate(server, clock, 'a', { onStartedLeading: async () => undefined });
    await a.running;
    expect(server.lease && holderOf(server.lease)).toBeUndefined();
  });

  it('frees the lease and says why when the leading work fails', async () => {
    const broken = new Error('broken');
    const a = candidate(server, clock, 'a', { onStartedLeading: () => Promise.reject(broken) });
    await expect(a.running).rejects.toBe(broken);
    expect(server.lease && holderOf(server.lease)).toBeUndefined();
  });

  it('frees the lease even when the answer to the last renewal was lost', async () => {
    const a = candidate(server, clock, 'a');
    await clock.advance(0);
    server.edit((lease) => lease);
    a.stop.abort();
    await a.running;
    await settle();
    expect(server.lease && holderOf(server.lease)).toBeUndefined();
  });
});
