import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostLabelKey } from '../../lib/contract';
import { createTestCluster, type KubectlTarget, kubectlTarget, sublet, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { namespace, pod, service, statefulSet } from '../support/manifests';
import { sharedHost } from '../support/shared-host';

/** The image of CoreDNS that the embedded host has. */
const COREDNS = 'registry.k8s.io/coredns/coredns:v1.15.0';

/** A DNS server beside the virtual clusters that stands for the world, and a Service of the host. */
interface World {
  readonly host: KubectlTarget;
  readonly dnsServer: string;
  readonly orders: string;
}

const WORLD = 'dns-world';

async function makeWorld(): Promise<World> {
  const host = kubectlTarget((await sharedHost()).kubeconfig);
  const server = { image: COREDNS, args: ['-conf', '/etc/coredns/Corefile'] };
  await host.apply(
    namespace(WORLD),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'world', namespace: WORLD },
      data: {
        Corefile: [
          '.:53 {',
          '    hosts /dev/null {',
          '        192.0.2.80 www.example.org',
          '        192.0.2.81 api.example.org',
          '    }',
          '}',
        ].join('\n'),
      },
    },
    service('orders', {}, WORLD),
    pod(
      'world',
      { ...server, volumeMounts: [{ name: 'config', mountPath: '/etc/coredns' }] },
      { volumes: [{ name: 'config', configMap: { name: 'world' } }] },
      WORLD,
    ),
  );
  await host.kubectl(['wait', '-n', WORLD, '--for=condition=ready', 'pod/world', '--timeout=90s']);
  const { podIP } = (await host.json(['get', 'pod', 'world', '-n', WORLD])).status;
  const { clusterIP } = (await host.json(['get', 'service', 'orders', '-n', WORLD])).spec;
  return { host, dnsServer: podIP, orders: clusterIP };
}

/** A question to the resolver of a pod: a function of Node's `dns` (c-ares) and its argument. */
type Lookup = readonly [method: string, name: string];

/** Asks from inside a pod, whose `/etc/resolv.conf` tells whom to ask. Failures are told by their code. */
async function lookUp(cluster: TestCluster, lookups: readonly Lookup[]): Promise<readonly unknown[]> {
  const program = `
    const { Resolver } = require('node:dns/promises');
    const resolver = new Resolver({ timeout: 3000, tries: 2 });
    Promise.all(${JSON.stringify(lookups)}.map(([method, name]) => resolver[method](name).catch(({ code }) => code)))
      .then((all) => console.log(JSON.stringify(all)));`;
  return JSON.parse(await cluster.kubectl(['exec', 'asker', '--', '/sublet/node', '-e', program]));
}

/** A pod that can ask: it runs Node, which is in the syncer's image. */
async function runAsker(cluster: TestCluster): Promise<void> {
  const place = ['get', 'pod', `${cluster.name}-0`, '-n', cluster.namespace];
  const { containers } = (await cluster.host.json(place)).spec;
  const { image } = containers.find(({ name }: { name: string }) => name === 'syncer');
  const wait = ['-e', 'setInterval(() => undefined, 1e6)'];
  await cluster.apply(pod('asker', { image, command: ['/sublet/node'], args: wait, imagePullPolicy: 'IfNotPresent' }));
}

async function waitForAsker(cluster: TestCluster): Promise<void> {
  await cluster.kubectl(['wait', '--for=condition=ready', 'pod/asker', '--timeout=90s'], { timeoutMs: 100_000 });
}

let world: World;
beforeAll(async () => {
  world = await makeWorld();
}, 180_000);
afterAll(() => world?.host.kubectl(['delete', 'namespace', WORLD, '--wait=false']), 60_000);

describe.each([
  { mode: 'coredns', domain: 'team.example' },
  { mode: 'embedded', domain: 'cluster.local' },
])('DNS of a virtual cluster: $mode in the domain $domain', ({ mode, domain }) => {
  let cluster: TestCluster;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sublet-dns-'));
    const file = join(folder, 'cluster.json');
    const names = [
      { name: 'orders.example.org', to: { kind: 'hostService', namespace: WORLD, name: 'orders' } },
      { name: `api.default.svc.${domain}`, to: { kind: 'name', name: 'api.example.org' } },
      { name: 'printer.example.org', to: { kind: 'addresses', addresses: ['192.0.2.90'] } },
    ];
    const dns = { mode, names, upstream: [world.dnsServer], ...(mode === 'coredns' && { replicas: 2 }) };
    await writeFile(file, JSON.stringify({ dns, networking: { clusterDomain: domain } }));
    cluster = await createTestCluster(`dns-${mode}`, ['--values', file]);
    await runAsker(cluster);
    await cluster.apply(
      service('db', { clusterIP: 'None' }),
      statefulSet('db', { replicas: 2 }),
      service('web', { selector: { app: 'db' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'away', namespace: 'default' },
        spec: { type: 'ExternalName', externalName: 'www.example.org' },
      },
    );
    await cluster.kubectl(['rollout', 'status', 'statefulset/db', '--timeout=120s'], { timeoutMs: 130_000 });
    await waitForAsker(cluster);
    await eventually(
      async () => (await lookUp(cluster, [['resolve4', `web.default.svc.${domain}`]]))[0] !== 'ETIMEOUT',
      {
        what: 'DNS to answer',
        timeoutMs: 120_000,
      },
    );
  }, 480_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  const addressesOf = async (...pods: string[]): Promise<string[]> => {
    const all = await Promise.all(pods.map((name) => cluster.json(['get', 'pod', name])));
    return all.map(({ status }) => status.podIP);
  };
  const serviceIp = async (name: string, of = 'default'): Promise<string> =>
    (await cluster.json(['get', 'service', name, '-n', of])).spec.clusterIP;

  test('answers for Services, pods, ports and addresses', async () => {
    const [web = '', [first = '', second = ''], kubernetes] = await Promise.all([
      serviceIp('web'),
      addressesOf('db-0', 'db-1'),
      serviceIp('kubernetes'),
    ]);
    const inCluster = (name: string) => `${name}.svc.${domain}`;
    const [webAddress, headless, pod0, srv, srvOfPods, reverse, reversePod, byPodAddress, own, missing, noData] =
      await lookUp(cluster, [
        ['resolve4', inCluster('web.default')],
        ['resolve4', inCluster('db.default')],
        ['resolve4', inCluster('db-0.db.default')],
        ['resolveSrv', `_http._tcp.${inCluster('web.default')}`],
        ['resolveSrv', `_http._tcp.${inCluster('db.default')}`],
        ['reverse', web],
        ['reverse', first],
        ['resolve4', `${first.replaceAll('.', '-')}.default.pod.${domain}`],
        ['resolve4', inCluster('kubernetes.default')],
        ['resolve4', inCluster('nothing.default')],
        ['resolve6', inCluster('web.default')],
      ]);
    expect(webAddress).toEqual([web]);
    expect([headless].flat().sort()).toEqual([first, second].sort());
    expect(pod0).toEqual([first]);
    expect(srv).toEqual([expect.objectContaining({ name: inCluster('web.default'), port: 80 })]);
    const pods = ['db-0', 'db-1'].map((name) =>
      expect.objectContaining({ name: inCluster(`${name}.db.default`), port: 8080 }),
    );
    expect(srvOfPods).toHaveLength(2);
    expect(srvOfPods).toEqual(expect.arrayContaining(pods));
    expect(reverse).toEqual([inCluster('web.default')]);
    expect(reversePod).toContain(inCluster('db-0.db.default'));
    expect(byPodAddress).toEqual([first]);
    expect(own).toEqual([kubernetes]);
    expect(missing).toBe('ENOTFOUND');
    expect(noData).toBe('ENODATA');
  }, 90_000);

  test('row 24, allowed: answers for names outside, mapped names and aliases', async () => {
    expect(
      await lookUp(cluster, [
        ['resolve4', 'www.example.org'],
        ['resolve4', 'unknown.example.org'],
        ['resolveCname', `away.default.svc.${domain}`],
        ['resolve4', `away.default.svc.${domain}`],
        ['resolve4', 'orders.example.org'],
        ['resolve4', `api.default.svc.${domain}`],
        ['resolve4', 'printer.example.org'],
      ]),
    ).toEqual([
      ['192.0.2.80'],
      expect.stringMatching(/ENOTFOUND|ESERVFAIL/),
      ['www.example.org'],
      ['192.0.2.80'],
      [world.orders],
      ['192.0.2.81'],
      ['192.0.2.90'],
    ]);
  }, 60_000);

  test('row 24, denied: knows no name of the host', async () => {
    const names = [
      `orders.${WORLD}.svc.cluster.local`,
      `kube-dns-x-kube-system-x-dns-${mode}.${cluster.namespace}.svc.cluster.local`,
    ];
    const found = await lookUp(cluster, [
      ...names.map((name): Lookup => ['resolve4', name]),
      ['reverse', world.orders],
    ]);
    for (const answer of found) expect(answer).toMatch(/ENOTFOUND|ESERVFAIL/);
  }, 60_000);

  test('follows a new Service at once, and short names follow the domain', async () => {
    await cluster.apply(service('late', { selector: { app: 'db' } }));
    const address = await serviceIp('late');
    await eventually(
      async () => [(await lookUp(cluster, [['resolve4', `late.default.svc.${domain}`]]))[0]].flat()[0] === address,
      {
        what: 'the new Service to be known',
      },
    );
    // c-ares completes no names: the pod's libc does.
    const program = `require('node:dns').lookup('late', (error, address) => console.log(error?.code ?? address))`;
    const found = await cluster.kubectl(['exec', 'asker', '--', '/sublet/node', '-e', program]);
    expect(found.trim()).toBe(address);
    const resolvConf = `console.log(require('node:fs').readFileSync('/etc/resolv.conf', 'utf8'))`;
    expect(await cluster.kubectl(['exec', 'asker', '--', '/sublet/node', '-e', resolvConf])).toContain(
      `search default.svc.${domain} svc.${domain} ${domain}`,
    );
  }, 90_000);

  if (mode === 'coredns') {
    test('is what stock policies name: ready pods k8s-app=kube-dns in kube-system that listen on port 53', async () => {
      const { items } = await cluster.json(['get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=kube-dns']);
      expect(items).toHaveLength(2);
      for (const { spec } of items) {
        expect(spec.containers[0].ports).toEqual(
          expect.arrayContaining([expect.objectContaining({ containerPort: 53, protocol: 'UDP' })]),
        );
      }
      const label = `${hostLabelKey('k8s-app', cluster.name)}=kube-dns,vcluster.loft.sh/namespace=kube-system`;
      await eventually(
        async () => (await cluster.host.json(['get', 'pods', '-n', cluster.namespace, '-l', label])).items.length === 2,
        { what: 'both pods on the host' },
      );
    }, 60_000);
  } else {
    test('takes no pod: the control plane answers at the address that pods were told', async () => {
      expect((await cluster.json(['get', 'pods', '-n', 'kube-system'])).items).toEqual([]);
      const host = await cluster.host.json([
        ...['get', 'service', `kube-dns-x-kube-system-x-${cluster.name}`, '-n', cluster.namespace],
      ]);
      expect(host.spec).toMatchObject({
        clusterIP: await serviceIp('kube-dns', 'kube-system'),
        selector: { app: 'vcluster', release: cluster.name },
      });
    }, 60_000);
  }
});

test('one way of serving DNS can be changed for the other, and pods that run do not notice', async () => {
  const name = 'dns-switch';
  await using cluster = await createTestCluster(name, ['--store', 'pvc', '--set', 'dns.mode=coredns']);
  const change = async (mode: string) => {
    const flags = ['--upgrade', '--no-connect', '--store', 'pvc', '--set', `dns.mode=${mode}`];
    const changed = await sublet(['create', name, ...flags], { HOME: tmpdir(), KUBECONFIG: cluster.host.kubeconfig });
    expect(changed).toMatchObject({ code: 0 });
  };
  await runAsker(cluster);
  await waitForAsker(cluster);
  const api = (await cluster.json(['get', 'service', 'kubernetes'])).spec.clusterIP;
  const answers = () =>
    eventually(
      async () => {
        const [found] = await lookUp(cluster, [['resolve4', 'kubernetes.default.svc.cluster.local']]);
        return [found].flat()[0] === api;
      },
      { what: 'DNS to answer', timeoutMs: 120_000 },
    );
  const dnsPods = async () =>
    (await cluster.json(['get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=kube-dns'])).items;
  await answers();

  await change('embedded');
  await eventually(async () => (await dnsPods()).length === 0, { what: 'CoreDNS to be gone', timeoutMs: 300_000 });
  await answers();
  const slices = ['get', 'endpointslices', '-n', 'kube-system', '-l', 'kubernetes.io/service-name=kube-dns'];
  await eventually(async () => (await cluster.json(slices)).items.length === 0, { what: 'its endpoints to be gone' });

  await change('coredns');
  await eventually(async () => (await cluster.json(slices)).items[0]?.endpoints?.length === 1, {
    what: 'CoreDNS to be back',
    timeoutMs: 120_000,
  });
  await answers();
}, 900_000);
