import { type NodesOptions, resolveSpec, SpecError } from '../../../lib';
import { generate } from '../../../lib/manifests';

const section = (nodes?: NodesOptions) => resolveSpec({ name: 'a', ...(nodes && { nodes }) }).sections.nodes;
const wrong = (nodes: unknown) => {
  try {
    resolveSpec(JSON.parse(JSON.stringify({ name: 'a', nodes })));
  } catch (error) {
    if (error instanceof SpecError)
      return error.issues.map(({ path, allowed, message }) => ({ path, said: `${message}; ${allowed ?? ''}` }));
  }
  return [];
};
const rulesOf = (nodes: NodesOptions, kind: 'Role' | 'ClusterRole') =>
  generate(resolveSpec({ name: 'a', nodes }))
    .map(
      ({ object }) =>
        object as { kind: string; rules?: { apiGroups: string[]; resources: string[]; verbs: string[] }[] },
    )
    .filter((object) => object.kind === kind)
    .flatMap(({ rules = [] }) => rules.map(({ apiGroups, resources, verbs }) => `${apiGroups}/${resources}: ${verbs}`));

describe('nodes by default', () => {
  it('are fake, placed by the host, and measured as far as the host measures', () => {
    expect(section()).toEqual({
      version: 1,
      mode: 'fake',
      scheduling: { by: 'host' },
      metrics: { source: 'host', kubelet: false },
    });
  });

  it('that are selected keep the pods to themselves', () => {
    expect(section({ mode: 'selected', selector: { pool: 'a' } }).scheduling).toEqual({ by: 'hostOnSelected' });
    expect(section({ mode: 'selectedInUse', selector: { pool: 'a' } }).scheduling).toEqual({ by: 'hostOnSelected' });
  });

  it('that are real hide what says more of the host than pods need', () => {
    expect(section({ mode: 'all' })).toMatchObject({
      hide: { labels: [], annotations: ['*'], addresses: 'all', providerId: true, images: true },
      toHost: { labels: [], taints: [] },
    });
  });
});

describe('an impossible choice of nodes', () => {
  it.each<[what: string, nodes: unknown, path: string]>([
    ['a selector for all nodes', { mode: 'all', selector: { a: 'b' } }, 'nodes.selector'],
    ['a selector for fake nodes', { mode: 'fake', selector: { a: 'b' } }, 'nodes.selector'],
    ['no selector for selected nodes', { mode: 'selected' }, 'nodes.selector'],
    ['a selector of everything', { mode: 'selected', selector: {} }, 'nodes.selector'],
    ['a selector that is no label', { mode: 'selected', selector: { 'a b': 'c' } }, 'nodes.selector["a b"]'],
    ['a scheduler without nodes', { mode: 'fake', scheduling: { by: 'own' } }, 'nodes.scheduling.by'],
    [
      'a scheduler that sees only nodes in use',
      { mode: 'realInUse', scheduling: { by: 'own' } },
      'nodes.scheduling.by',
    ],
    [
      'a scheduler that sees only selected nodes in use',
      { mode: 'selectedInUse', selector: { a: 'b' }, scheduling: { by: 'own' } },
      'nodes.scheduling.by',
    ],
    ['a restriction to all nodes', { mode: 'all', scheduling: { by: 'hostOnSelected' } }, 'nodes.scheduling.by'],
    ['something hidden of fake nodes', { mode: 'fake', hide: {} }, 'nodes.hide'],
    ['kubelets of fake nodes', { mode: 'fake', metrics: { kubelet: true } }, 'nodes.metrics.kubelet'],
    ["the host's own keys", { mode: 'all', toHost: { labels: ['kubernetes.io/*'] } }, 'nodes.toHost.labels[0]'],
    ['all keys of the host', { mode: 'all', toHost: { taints: ['*'] } }, 'nodes.toHost.taints[0]'],
    ['a key without a prefix', { mode: 'all', toHost: { labels: ['pool'] } }, 'nodes.toHost.labels[0]'],
    ['a pattern in the middle', { mode: 'all', hide: { labels: ['a*b'] } }, 'nodes.hide.labels[0]'],
    ['a fact that decides what runs', { mode: 'all', hide: { nodeInfo: ['architecture'] } }, 'nodes.hide.nodeInfo[0]'],
    [
      'a flag that holds the scheduler',
      { mode: 'all', scheduling: { by: 'own', extraArgs: { kubeconfig: 'x' } } },
      'nodes.scheduling.extraArgs.kubeconfig',
    ],
    ['a mode that is none', { mode: 'real' }, 'nodes.mode'],
  ])('%s is refused at %s', (_what, nodes, path) => {
    expect(wrong(nodes)).toEqual([{ path, said: expect.any(String) }]);
  });
});

describe('rights on the host', () => {
  const readNodes = '/nodes: get,list,watch';

  it.each<[NodesOptions, string[]]>([
    [{ mode: 'fake' }, []],
    [{ mode: 'realInUse', metrics: { source: 'none' } }, [readNodes]],
    [{ mode: 'all' }, [readNodes, 'metrics.k8s.io/nodes: list']],
    [
      { mode: 'all', metrics: { source: 'none' }, toHost: { labels: ['a.example.com/*'] } },
      ['/nodes: get,list,watch,patch'],
    ],
    [{ mode: 'all', metrics: { source: 'none', kubelet: true } }, [readNodes, '/nodes/proxy: get']],
    [
      { mode: 'all', metrics: { source: 'none' }, scheduling: { by: 'own', othersUse: 'subtracted' } },
      [readNodes, '/pods: list,watch'],
    ],
  ])('%j takes %j in the whole cluster', (nodes, rules) => {
    const ofNodes = /^(metrics.k8s.io)?\/(nodes|pods)/;
    expect(rulesOf(nodes, 'ClusterRole').filter((rule) => ofNodes.test(rule))).toEqual(rules);
  });

  it("measurements of the tenant's pods take a right in the namespace, and none when they are off", () => {
    expect(rulesOf({ mode: 'fake' }, 'Role')).toContain('metrics.k8s.io/pods: list');
    expect(rulesOf({ mode: 'fake', metrics: { source: 'none' } }, 'Role').join()).not.toContain('metrics');
  });
});

describe("the cluster's own scheduler", () => {
  const containers = (nodes: NodesOptions) =>
    generate(resolveSpec({ name: 'a', nodes }))
      .map(
        ({ object }) =>
          object as {
            kind: string;
            spec?: { template?: { spec?: { containers: { name: string; args: string[] }[] } } };
          },
      )
      .filter(({ kind }) => kind === 'StatefulSet')
      .flatMap(({ spec }) => spec?.template?.spec?.containers ?? []);

  it('is a container of the control plane, and only then', () => {
    const names = (nodes: NodesOptions) => containers(nodes).map(({ name }) => name);
    expect(names({ mode: 'all' })).not.toContain('kube-scheduler');
    expect(names({ mode: 'all', scheduling: { by: 'own' } })).toContain('kube-scheduler');
  });

  it('takes further flags', () => {
    const all = containers({ mode: 'all', scheduling: { by: 'own', extraArgs: { v: '4' } } });
    expect(all.find(({ name }) => name === 'kube-scheduler')?.args).toContain('--v=4');
  });
});
