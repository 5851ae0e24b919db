import type { Lease } from '../../../syncer/kube/lease';
import { claimedHostname, claimLease, claimName, standing } from '../../../syncer/network/claims/lease';
import { HostnameUsage } from '../../../syncer/network/claims/usage';
import { ARTICLE } from '../engine/context';

const US = 'vcluster-my-vcluster/my-vcluster';
const THEIRS = { ...ARTICLE, cluster: 'theirs', hostNamespace: 'theirs' };

function claim(hostname: string, resourceVersion: string, by: typeof ARTICLE = ARTICLE): Lease {
  const lease = claimLease(hostname, 'claims', by);
  return { ...lease, metadata: { ...lease.metadata, uid: `${hostname} ${resourceVersion}`, resourceVersion } };
}

describe('how a host name stands', () => {
  it.each<[what: string, hostname: string, leases: readonly Lease[], state: string]>([
    ['nobody claims it', 'a.test', [], 'pending'],
    ['somebody claims another', 'a.test', [claim('b.test', '1', THEIRS)], 'pending'],
    ['we claim it', 'a.test', [claim('a.test', '1')], 'ours'],
    ['we claim it and a wildcard above it', 'a.test', [claim('a.test', '2'), claim('*.test', '1')], 'ours'],
    ['another claims it', 'a.test', [claim('a.test', '1', THEIRS)], 'taken'],
    ['another claims a wildcard above it', 'a.b.test', [claim('*.test', '1', THEIRS)], 'taken'],
    ['another claims a name below the wildcard', '*.test', [claim('a.b.test', '1', THEIRS)], 'taken'],
    [
      'another was first with an overlapping one',
      '*.test',
      [claim('*.test', '10'), claim('a.test', '9', THEIRS)],
      'taken',
    ],
    ['we were first', 'a.test', [claim('a.test', '9'), claim('*.test', '10', THEIRS)], 'ours'],
  ])('when %s', (_, hostname, leases, state) => {
    expect(standing(hostname, leases, US).state).toBe(state);
  });

  it('of two that overlap exactly one cluster has its own, whatever the order', () => {
    for (const [first, second] of [
      ['9', '10'],
      ['10', '9'],
    ] as const) {
      const leases = [claim('a.test', first), claim('*.test', second, THEIRS)];
      const states = [standing('a.test', leases, US).state, standing('*.test', leases, 'theirs/theirs').state];
      expect(states.sort()).toEqual(['ours', 'taken']);
    }
  });

  it('does not follow Leases that are no claims, or that claim another name than they bear', () => {
    const forged = claim('a.test', '1', THEIRS);
    const other = { ...forged, metadata: { ...forged.metadata, name: claimName('b.test') } };
    expect(claimedHostname(other)).toBeUndefined();
    expect(standing('a.test', [other, { metadata: { name: 'x' } }], US).state).toBe('pending');
  });
});

it('a host name is in use as long as any object uses it', () => {
  const usage = new HostnameUsage();
  expect(usage.set('virtual a', ['a.test', 'a.test'])).toEqual(['a.test']);
  usage.set('host a', ['a.test']);
  usage.set('virtual a', []);
  expect(usage.has('a.test')).toBe(true);
  expect(usage.set('host a', ['b.test'])).toEqual(['a.test', 'b.test']);
  expect([...usage.names()]).toEqual(['b.test']);
});
