import { hostName, LABELS } from '../../lib';
import { isolationPolicyNameElsewhere } from '../../lib/contract/network';
import { untilTold } from '../api/contract/expectation';
import type { ObjectRef, TestObject } from '../api/support/api';
import { usePair } from '../api/support/use-pair';

const pair = usePair({ spec: { sync: { toHost: { networkPolicies: { enabled: true } } } } });
const mapped = usePair({
  spec: { namespaces: { mode: 'mapped', mappings: [{ virtual: 'team-*', host: 'attacks-net-*' }] } },
});

const policy = (name: string, spec: object): TestObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'default' },
  spec: { podSelector: {}, policyTypes: ['Egress'], ...spec },
});
const pod = (name: string, namespace = 'default'): TestObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: { containers: [{ name: 'main', image: 'busybox' }] },
});
const copyOf = ({ apiVersion, kind, metadata }: TestObject): ObjectRef => ({
  apiVersion: apiVersion ?? 'v1',
  kind: kind ?? '',
  metadata: {
    name: hostName(metadata.name ?? '', metadata.namespace ?? '', pair().name),
    namespace: pair().namespace,
  },
});

describe('row 17: a NetworkPolicy that would let pods out', () => {
  it.each<[what: string, name: string, egress: readonly object[]]>([
    ['everywhere', 'everywhere', [{}]],
    ['to every address', 'world', [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }]],
    ['to the metadata service', 'metadata', [{ to: [{ ipBlock: { cidr: '169.254.169.254/32' } }] }]],
    ['to nodes by IPv6', 'nodes', [{ to: [{ ipBlock: { cidr: 'fd00::/8' } }] }]],
  ])('denied: %s', async (_what, name, egress) => {
    const { virtual, host } = pair();
    const created = await virtual.create(policy(name, { egress }));
    await untilTold(pair(), created, 'NetworkIsolation');
    const { spec } = await host.until(copyOf(created), 'to be made');
    for (const { to = [] } of spec.egress ?? []) {
      expect(to.length).toBeGreaterThan(0);
      for (const peer of to) expect(peer).not.toHaveProperty('ipBlock');
    }
    await virtual.delete(created);
    await host.untilGone(copyOf(created));
  });

  it('allowed: to pods of its own, and then nowhere else', async () => {
    const { virtual, host } = pair();
    const web = await virtual.create(pod('web'));
    await host.until(copyOf(web), 'to be made');
    const created = await virtual.create(policy('own', { egress: [{ to: [{ podSelector: {} }] }] }));
    const { spec } = await host.until(copyOf(created), 'to be made');
    expect(spec.egress).toMatchObject([
      { to: [{ podSelector: { matchLabels: { [LABELS.managedBy]: pair().name } } }] },
    ]);
    const governed = ({ metadata }: TestObject) => metadata.labels?.[LABELS.egressBy] === 'tenant';
    await host.until(copyOf(web), 'to be left to the policy of the tenant', governed);
    await virtual.delete(created);
    await host.until(copyOf(web), 'to be as isolation has it', (found) => !governed(found));
    await virtual.delete(web);
  });
});

describe('row 16: endpoints that a tenant keeps', () => {
  const service = (name: string): TestObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { ports: [{ port: 80 }] },
  });
  const slice = (name: string, address: string): TestObject => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address] }],
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
  });

  it('denied: what is no pod of this cluster', async () => {
    const { virtual, host } = pair();
    const created = [await virtual.create(service('foreign'))];
    const foreign = await virtual.create(slice('foreign', '203.0.113.9'));
    await untilTold(pair(), foreign, 'AddressForbidden');
    created.push(foreign);
    expect(await host.get(copyOf(slice('foreign', '')))).toBeUndefined();
    for (const one of created) await virtual.delete(one);
  });

  it('allowed: a pod of this cluster, for as long as that has the address', async () => {
    const { virtual, host } = pair();
    const target = await virtual.create(pod('target'));
    const { status } = await virtual.until(target, 'to run', (found) => found.status.phase === 'Running');
    const created = [await virtual.create(service('own')), await virtual.create(slice('own', status.podIP))];
    await host.until(copyOf(slice('own', '')), 'to be made');
    await virtual.delete(target);
    for (const one of created) await virtual.delete(one);
  });
});

describe('row 17, in a host namespace of a virtual one', () => {
  const nameOf = (part: 'pods' | 'egress') =>
    isolationPolicyNameElsewhere(`${mapped().namespace}-x-${mapped().name}`, part);
  const ref = (kind: string, name: string, apiVersion = 'v1'): ObjectRef => ({
    apiVersion,
    kind,
    metadata: { name, namespace: 'attacks-net-a' },
  });
  const ofHost = (part: 'pods' | 'egress') => ref('NetworkPolicy', nameOf(part), 'networking.k8s.io/v1');

  it('denied: no pod is there before what keeps it in, and that comes back', async () => {
    const { virtual, host } = mapped();
    await virtual.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
    await virtual.until(
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'team-a' } },
      'to be made',
    );
    await virtual.create(pod('kept', 'team-a'));
    const placed = await host.until(ref('Pod', 'kept'), 'to be made');
    const [deny, egress] = await Promise.all([host.get(ofHost('pods')), host.get(ofHost('egress'))]);
    expect(deny?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
    for (const one of [deny, egress]) {
      expect(Date.parse(one?.metadata.creationTimestamp ?? '')).toBeLessThanOrEqual(
        Date.parse(placed.metadata.creationTimestamp ?? ''),
      );
    }
    await host.delete(ofHost('pods'));
    await host.until(ofHost('pods'), 'to come back', ({ metadata }) => metadata.uid !== deny?.metadata.uid);
    await host.patch(ofHost('egress'), { spec: { egress: [{}] } });
    await host.until(
      ofHost('egress'),
      'to be put back',
      ({ spec }) => JSON.stringify(spec) === JSON.stringify(egress?.spec),
    );
  });
});
