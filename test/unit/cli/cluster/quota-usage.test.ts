import { quotaUsageOf } from '../../../../cli/cluster/quota-usage';
import { usageData } from '../../../../syncer/isolation/quota/shown-usage';

describe('the usage of a quota', () => {
  it('is read as the syncer shows it', () => {
    const rules = { hard: { pods: '20', 'requests.memory': '2Gi', 'count/ingresses.networking.k8s.io': '3' } };
    const amounts = (pods: bigint, memory: bigint, ingresses = 0n) =>
      new Map([
        ['pods', pods * 10n ** 9n],
        ['count/ingresses.networking.k8s.io', ingresses * 10n ** 9n],
        ['requests.memory', memory * 2n ** 20n * 10n ** 9n],
      ]);
    expect(quotaUsageOf(usageData({ rules, hard: amounts(20n, 2048n, 3n), used: amounts(4n, 192n) }))).toEqual([
      { resource: 'count/ingresses.networking.k8s.io', used: '0', hard: '3' },
      { resource: 'pods', used: '4', hard: '20' },
      { resource: 'requests.memory', used: '192Mi', hard: '2Gi' },
    ]);
  });

  it('is none where the syncer has shown nothing yet', () => {
    expect(quotaUsageOf({})).toEqual([]);
  });
});
