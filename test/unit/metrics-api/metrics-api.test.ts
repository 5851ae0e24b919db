import type { KubeObject } from '../../../syncer/kube/types';
import { answerMetrics } from '../../../syncer/metrics-api/answer';
import { type HostMetrics, hostMetrics } from '../../../syncer/metrics-api/host-metrics';
import type { Measured } from '../../../syncer/metrics-api/measure';
import { matchMetricsRoute } from '../../../syncer/metrics-api/routes';
import { parseFieldSelector, parseLabelSelector } from '../../../syncer/metrics-api/selectors';

const pod = (name: string, namespace: string, labels: Record<string, string> = {}): KubeObject & { node: string } => ({
  metadata: { name, namespace, uid: `${name}-uid`, labels },
  node: 'worker-1',
});
const WEB = pod('web', 'default', { app: 'web' });
const DB = pod('db', 'data', { app: 'db' });
const PENDING = pod('pending', 'default');
const REAL: KubeObject = { metadata: { name: 'worker-1', labels: { pool: 'fast' } } };
const FAKE: KubeObject = { metadata: { name: 'worker-2' } };

const AT = { timestamp: '2026-01-01T00:00:00Z', window: '15s' };
const onHost = (name: string, cpu: string, memory: string) => ({
  metadata: { name },
  ...AT,
  containers: [
    { name: 'main', usage: { cpu, memory } },
    { name: 'injected', usage: { cpu: '9', memory: '9Gi' } },
  ],
});

/** A virtual cluster of two measured pods, one that does not run yet, a node that shows the host's and one that does not. */
function surroundings() {
  const asked: string[] = [];
  const measured: Measured = {
    pods: (namespace) =>
      [WEB, DB, PENDING].filter(({ metadata }) => (namespace ?? metadata.namespace) === metadata.namespace),
    podsOn: () => [WEB, DB],
    place: ({ metadata: { name, namespace } }) =>
      name === 'pending'
        ? undefined
        : { hostName: `${name}-x-${namespace}-x-a`, hostNamespace: 'team-a', containers: ['main'] },
    nodes: () => [REAL, FAKE],
    showsHost: (node) => node === REAL,
  };
  const host: HostMetrics = {
    isServed: async () => true,
    async pods(namespace) {
      asked.push(namespace);
      const items = [onHost('web-x-default-x-a', '250m', '32Mi'), onHost('db-x-data-x-a', '1500000n', '1Mi')];
      return new Map([...items, onHost('secret', '1', '1Gi')].map((item) => [item.metadata.name, item]));
    },
    nodes: async () =>
      new Map([['worker-1', { metadata: { name: 'worker-1' }, ...AT, usage: { cpu: '2', memory: '4Gi' } }]]),
  };
  const ask = (path: string) => answerMetrics(`/apis/metrics.k8s.io/v1beta1${path}`, measured, host);
  return { ask, asked };
}

interface Listed {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[];
}
const namesIn = ({ body }: { readonly body: object }) => (body as Listed).items.map(({ metadata }) => metadata.name);

describe('measurements of pods', () => {
  it('come under their own names, of the containers that the tenant knows', async () => {
    const { ask } = surroundings();
    expect(await ask('/namespaces/default/pods/web')).toEqual({
      status: 200,
      body: {
        kind: 'PodMetrics',
        apiVersion: 'metrics.k8s.io/v1beta1',
        metadata: { name: 'web', namespace: 'default', labels: { app: 'web' }, creationTimestamp: AT.timestamp },
        ...AT,
        containers: [{ name: 'main', usage: { cpu: '250m', memory: '32Mi' } }],
      },
    });
  });

  it.each([
    ['/pods', ['web', 'db']],
    ['/namespaces/data/pods', ['db']],
    ['/pods?labelSelector=app%3Dweb', ['web']],
    ['/pods?labelSelector=app%20in%20(db)', ['db']],
    ['/pods?fieldSelector=metadata.name%3Ddb', ['db']],
    ['/namespaces/nowhere/pods', []],
  ])('%s lists %j', async (path, names) => {
    expect(namesIn(await surroundings().ask(path))).toEqual(names);
  });

  it('take one request a host namespace', async () => {
    const { ask, asked } = surroundings();
    await ask('/pods');
    expect(asked).toEqual(['team-a']);
  });

  it.each([
    ['/namespaces/default/pods/pending', 404],
    ['/namespaces/default/pods/secret', 404],
    ['/pods?labelSelector=a%3D%3D%3Db', 400],
    ['/pods?fieldSelector=spec.nodeName%3Da', 400],
    ['/pods?watch=true', 405],
    ['/secrets', 404],
  ])('%s is answered with %i', async (path, status) => {
    expect((await surroundings().ask(path)).status).toBe(status);
  });
});

describe('measurements of nodes', () => {
  it('are those of the host where the node shows it', async () => {
    expect((await surroundings().ask('/nodes/worker-1')).body).toMatchObject({ usage: { cpu: '2', memory: '4Gi' } });
  });

  it("are what the tenant's own pods use where it does not", async () => {
    expect((await surroundings().ask('/nodes/worker-2')).body).toMatchObject({
      metadata: { name: 'worker-2' },
      usage: { cpu: '251500000n', memory: '33792Ki' },
    });
  });
});

it('clients find out what there is', async () => {
  const { ask } = surroundings();
  expect((await ask('')).body).toMatchObject({
    kind: 'APIResourceList',
    resources: [{ name: 'nodes' }, { name: 'pods' }],
  });
});

it.each([
  '/',
  '/metrics',
  '/apis/apps/v1',
  '/apis/metrics.k8s.io/v1beta1/nodes/a/b',
  '/apis/metrics.k8s.io/v1beta1/nodes/..',
  '/apis/metrics.k8s.io/v1beta1/namespaces/%2e/pods',
  '/apis//metrics.k8s.io',
])('%s leads nowhere', (path) => {
  expect(matchMetricsRoute(path)).toBeUndefined();
});

describe('a label selector', () => {
  const labels = { app: 'web', tier: 'front', 'example.com/x': '' };
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web,tier=front', true],
    ['app!=web', false],
    ['missing!=web', true],
    ['tier in (front, back)', true],
    ['tier notin (front)', false],
    ['missing notin (a)', true],
    ['missing in (a)', false],
    ['app', true],
    ['!app', false],
    ['!missing', true],
    ['example.com/x=', true],
    ['app in (a,b),tier=front', false],
  ])('%s selects: %s', (text, selected) => {
    expect(parseLabelSelector(text)?.({ metadata: { labels } })).toBe(selected);
  });

  it.each(['app===web', 'app in web', 'app=(a)', 'a b'])('%s is none', (text) => {
    expect(parseLabelSelector(text)).toBeUndefined();
  });
});

it.each([
  ['metadata.name=a', true],
  ['metadata.name!=a', false],
  ['metadata.namespace=b,metadata.name=a', true],
  ['spec.nodeName=a', undefined],
])('the field selector %s selects: %s', (text, selected) => {
  expect(parseFieldSelector(text)?.({ metadata: { name: 'a', namespace: 'b' } })).toBe(selected);
});

describe('the host is asked', () => {
  const answers = {
    '/apis': { kind: 'APIGroupList', groups: [{ name: 'apps' }, { name: 'metrics.k8s.io' }] },
  } as { readonly [path: string]: unknown };

  it('whether it has measurements', async () => {
    const served = (groups: unknown) => hostMetrics({ raw: async () => groups }, '').isServed();
    expect(await served(answers['/apis'])).toBe(true);
    expect(await served({ groups: [] })).toBe(false);
  });

  it('once for all who ask at the same time', async () => {
    const asked: string[] = [];
    const host = hostMetrics(
      {
        async raw(path) {
          asked.push(path);
          return { items: [onHost('web', '1', '1Mi')] };
        },
      },
      'vcluster.loft.sh/managed-by=a',
    );
    await Promise.all([host.pods('team-a'), host.pods('team-a'), host.pods('team-a')]);
    expect(asked).toEqual([
      '/apis/metrics.k8s.io/v1beta1/namespaces/team-a/pods?labelSelector=vcluster.loft.sh%2Fmanaged-by%3Da',
    ]);
  });
});
