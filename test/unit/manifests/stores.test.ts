import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { Service } from 'kubernetes-types/core/v1';
import { generate, resolveSpec, Store, type VirtualClusterOptions } from '../../../lib';

const rendered = (options: VirtualClusterOptions) =>
  new Map(generate(resolveSpec({ name: 'team-a', ...options })).map(({ slot, object }) => [slot, object]));
const statefulSet = (options: VirtualClusterOptions) =>
  (rendered(options).get('control-plane/statefulset') as StatefulSet | undefined)?.spec;
const container = (options: VirtualClusterOptions, name: string) =>
  statefulSet(options)?.template.spec?.containers.find((one) => one.name === name);
const volumeNames = (options: VirtualClusterOptions) =>
  (statefulSet(options)?.template.spec?.volumes ?? []).map(({ name }) => name);

const connection = { secretName: 'team-a-db' };
const postgres: VirtualClusterOptions = { store: Store.postgres({ connection }) };
const etcd: VirtualClusterOptions = {
  store: Store.etcd({
    endpoints: ['https://etcd-0.example.com:2379', 'https://etcd-1.example.com:2379'],
    tls: { secretName: 'etcd-client' },
  }),
};

describe('a database outside', () => {
  it.each([
    ['postgres', Store.postgres({ connection })],
    ['mysql', Store.mysql({ connection })],
  ] as const)('is reached by kine with a URL that only the Secret holds (%s)', (_kind, store) => {
    const kine = container({ store }, 'kine');
    expect(kine?.env).toEqual([
      { name: 'KINE_ENDPOINT', valueFrom: { secretKeyRef: { name: 'team-a-db', key: 'endpoint' } } },
    ]);
    expect(kine?.args?.filter((arg) => /endpoint|-file/.test(arg))).toEqual([]);
  });

  it('leaves nothing on a volume', () => {
    expect(statefulSet(postgres)).not.toHaveProperty('volumeClaimTemplates');
    expect(volumeNames(postgres)).toEqual(['pki', 'sockets', 'host-token']);
  });

  it('is known by the authority of the Secret that is named, and shown a certificate where one is asked for', () => {
    const withTls = (clientCertificate: boolean): VirtualClusterOptions => ({
      store: Store.postgres({ connection, tls: { secretName: 'db-tls', clientCertificate } }),
    });
    const files = (options: VirtualClusterOptions) =>
      (container(options, 'kine')?.args ?? []).filter((arg) => arg.includes('-file='));
    const items = (options: VirtualClusterOptions) =>
      statefulSet(options)?.template.spec?.volumes?.find(({ name }) => name === 'store-tls')?.secret;
    expect(files(withTls(false))).toEqual(['--ca-file=/run/sublet/store-tls/ca.crt']);
    expect(items(withTls(false))).toEqual({
      secretName: 'db-tls',
      defaultMode: 0o440,
      items: [{ key: 'ca.crt', path: 'ca.crt' }],
    });
    expect(files(withTls(true))).toHaveLength(3);
    expect(items(withTls(true))?.items?.map(({ key }) => key)).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
  });
});

describe('an etcd outside', () => {
  it('is asked by the API server itself, with a certificate, under keys of its own', () => {
    const flags = container(etcd, 'kube-apiserver')?.args?.filter((arg) => arg.startsWith('--etcd-'));
    expect(flags).toEqual([
      '--etcd-servers=https://etcd-0.example.com:2379,https://etcd-1.example.com:2379',
      '--etcd-prefix=/sublet/vcluster-team-a/team-a',
      '--etcd-cafile=/run/sublet/store-tls/ca.crt',
      '--etcd-certfile=/run/sublet/store-tls/tls.crt',
      '--etcd-keyfile=/run/sublet/store-tls/tls.key',
    ]);
    expect(container(etcd, 'kine')).toBeUndefined();
  });

  it('shows its key to the API server alone', () => {
    const holders = (statefulSet(etcd)?.template.spec?.containers ?? []).filter(({ volumeMounts }) =>
      volumeMounts?.some(({ name }) => name === 'store-tls'),
    );
    expect(holders.map(({ name }) => name)).toEqual(['kube-apiserver']);
  });
});

describe('several pods', () => {
  const several: VirtualClusterOptions = {
    store: Store.postgres({ connection }),
    controlPlane: { replicas: 3 },
    nodes: { mode: 'all', scheduling: { by: 'own' } },
  };

  it('differ from a single one in nothing but their number, so that none of them is restarted', () => {
    const single: VirtualClusterOptions = { ...several, store: Store.postgres({ connection }), controlPlane: {} };
    const [many, one] = [rendered(several), rendered(single)];
    const changed = [...many].filter(([slot, object]) => JSON.stringify(object) !== JSON.stringify(one.get(slot)));
    expect(changed.map(([slot]) => slot)).toEqual(['control-plane/statefulset']);
    expect(statefulSet(several)).toEqual({ ...statefulSet(single), replicas: 3 });
  });

  it('have one controller manager and one scheduler at work', () => {
    for (const name of ['kube-controller-manager', 'kube-scheduler'])
      expect(container(several, name)?.args).toContain('--leader-elect=true');
    expect(container({}, 'kube-controller-manager')?.args).toContain('--leader-elect=false');
  });

  it('go to nodes of their own, and a drain takes one after the other', () => {
    const pod = statefulSet(several)?.template.spec;
    expect(
      pod?.topologySpreadConstraints?.map(({ topologyKey, whenUnsatisfiable }) => [topologyKey, whenUnsatisfiable]),
    ).toEqual([
      ['kubernetes.io/hostname', 'ScheduleAnyway'],
      ['topology.kubernetes.io/zone', 'ScheduleAnyway'],
    ]);
    expect(rendered(several).get('control-plane/disruption-budget')).toMatchObject({
      spec: { maxUnavailable: 1, selector: statefulSet(several)?.selector },
    });
    expect(rendered({}).has('control-plane/disruption-budget')).toBe(false);
  });

  it('are asked only while they are ready, and a single one in any case', () => {
    const publishes = (options: VirtualClusterOptions, slot = 'control-plane/service') =>
      (rendered(options).get(slot) as Service | undefined)?.spec?.publishNotReadyAddresses;
    expect([publishes(several), publishes({})]).toEqual([false, true]);
    const endpoint = { via: 'nodePort', hostname: 'api.example.com', nodePort: 30_443 } as const;
    expect([
      publishes({ ...several, endpoint }, 'endpoint/service'),
      publishes({ endpoint }, 'endpoint/service'),
    ]).toEqual([false, true]);
  });

  it('go on serving until nobody leads new connections to them, the store longest', () => {
    const seconds = (name: string, options: VirtualClusterOptions = several) =>
      container(options, name)?.lifecycle?.preStop;
    expect(seconds('kube-apiserver')).toEqual({ sleep: { seconds: 5 } });
    expect(seconds('syncer')).toEqual({ sleep: { seconds: 5 } });
    expect(seconds('kine')).toEqual({ sleep: { seconds: 8 } });
    expect([seconds('kube-apiserver', {}), seconds('kine', {})]).toEqual([undefined, { sleep: { seconds: 3 } }]);
  });
});
