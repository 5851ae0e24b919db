import { clusterColumns, type ListedCluster } from '../../../../cli/commands/list';
import { formatReport, type Report } from '../../../../cli/terminal/output';
import { formatAge } from '../../../../cli/terminal/table';

const now = Date.parse('2026-01-02T03:04:05Z');
const report: Report<ListedCluster> = {
  kind: 'ClusterList',
  columns: clusterColumns(now),
  empty: 'none',
  items: [
    {
      name: 'team-a',
      namespace: 'vcluster-team-a',
      state: 'Ready',
      version: 'v1.37.2',
      replicas: { ready: 1, wanted: 1 },
      created: '2026-01-01T00:04:05Z',
      connected: true,
    },
    {
      name: 'b',
      namespace: 'teams',
      state: 'Starting',
      version: 'unknown',
      replicas: { ready: 0, wanted: 1 },
      created: undefined,
      connected: false,
    },
  ],
};

describe('formatReport', () => {
  it('prints a table for people', () => {
    expect(formatReport(report, 'table')).toMatchInlineSnapshot(`
"NAME     NAMESPACE         STATUS     READY   VERSION   CONNECTED   AGE
team-a   vcluster-team-a   Ready      1/1     v1.37.2   yes         27h
b        teams             Starting   0/1     unknown   no          -
"
`);
  });

  it('prints JSON of a versioned shape for programs', () => {
    expect(JSON.parse(formatReport(report, 'json'))).toMatchObject({
      apiVersion: 'sublet.dev/cli/v1',
      kind: 'ClusterList',
      items: [{ name: 'team-a', replicas: { ready: 1, wanted: 1 }, connected: true }, { name: 'b' }],
    });
  });

  it('puts the fields of a single thing at the top', () => {
    const single = { ...report, kind: 'Cluster', single: true, items: report.items.slice(1) };
    expect(formatReport(single, 'yaml')).toMatchInlineSnapshot(`
"apiVersion: sublet.dev/cli/v1
kind: Cluster
name: b
namespace: teams
state: Starting
version: unknown
replicas:
  ready: 0
  wanted: 1
connected: false
"
`);
  });

  it('says that there is nothing, but gives programs an empty list', () => {
    expect(formatReport({ ...report, items: [] }, 'table')).toBe('none\n');
    expect(JSON.parse(formatReport({ ...report, items: [] }, 'json')).items).toEqual([]);
  });
});

describe('formatAge', () => {
  it.each([
    [42_000, '42s'],
    [5 * 60_000, '5m'],
    [200 * 60_000, '3h20m'],
    [30 * 3_600_000, '30h'],
    [4 * 86_400_000, '4d'],
    [-5000, '0s'],
  ])('%d ms are %s', (ms, expected) => {
    expect(formatAge(new Date(now - ms).toISOString(), now)).toBe(expected);
  });
});
