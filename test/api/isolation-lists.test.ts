import { randomBytes } from 'node:crypto';
import { clusterScopedHostName, hostName, LABELS } from '../../lib/contract';
import { RESOURCES } from '../../syncer/kube/resources';
import { eventually } from '../support/eventually';
import { INTRUSIVE_ANNOTATIONS } from '../support/intrusive-annotations';
import { untilTold } from './contract/expectation';
import { LOOK_EVERY_MS, type TestObject, TIMEOUT_MS } from './support/api';
import { type Pair, startPair } from './support/pair';
import { usePair } from './support/use-pair';

const CLAIMS = `claims-${randomBytes(3).toString('hex')}`;
const HOSTNAMES = { allowed: ['*.example.com'], claims: { namespace: CLAIMS } };

const pair = usePair({
  spec: {
    sync: {
      toHost: {
        ingresses: { enabled: true },
        networkPolicies: { enabled: true },
        persistentVolumes: { enabled: true, sources: ['hostPath', 'local', 'nfs'] },
        podDisruptionBudgets: { enabled: true },
        priorityClasses: { enabled: true, maxValue: 1000 },
        serviceAccounts: { enabled: true },
        resourceClaims: { enabled: true },
      },
    },
    isolation: {
      allow: { hostPaths: [{ pathPrefix: '/srv/shared', readOnly: false }, { pathPrefix: '/srv/looked-at' }] },
      services: {
        externalIPs: ['198.51.100.0/24'],
        nodePortRanges: [{ from: 32_700, to: 32_710 }],
        loadBalancerClasses: ['example.com/internal'],
      },
      hostnames: HOSTNAMES,
      classes: { ingress: { allowed: ['inner'], default: 'public' }, storage: { default: 'fast' }, device: ['gpu'] },
      images: { registries: ['registry.example.com', 'docker.io/library'] },
      tolerations: ['pool=team-a:NoSchedule'],
    },
  },
  hostObjects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: CLAIMS } }],
});

/** Another virtual cluster of the same host. */
let other: Pair | undefined;
const second = (): Pair => {
  if (other === undefined) throw new Error('the second pair is there only within tests');
  return other;
};
beforeAll(async () => {
  other = await startPair({
    spec: {
      sync: { toHost: { ingresses: { enabled: true } }, fromHost: { priorityClasses: { enabled: true } } },
      isolation: { hostnames: HOSTNAMES, classes: { ingress: { default: 'public' } } },
    },
  });
});
afterAll(async () => {
  await other?.[Symbol.asyncDispose]();
});

const named =
  (apiVersion: string, kind: string) =>
  (name: string, rest: object = {}, annotations = {}): TestObject => ({
    apiVersion,
    kind,
    metadata: { name, namespace: 'default', annotations },
    ...rest,
  });

const pod = named('v1', 'Pod');
const service = named('v1', 'Service');
const claim = named('v1', 'PersistentVolumeClaim');
const ingressOf = named('networking.k8s.io/v1', 'Ingress');
const deviceClaim = named('resource.k8s.io/v1', 'ResourceClaim');

const MAIN = { name: 'main', image: 'nginx:1.27' };
const backend = { service: { name: 'web', port: { number: 80 } } };
const ingress = (name: string, host: string | undefined, spec: object = {}, annotations = {}) =>
  ingressOf(
    name,
    {
      spec: {
        rules: [{ ...(host && { host }), http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
        ...spec,
      },
    },
    annotations,
  );

const copyOf = ({ apiVersion, kind, metadata: { name = '', namespace } }: TestObject, of: Pair = pair()) =>
  namespace === undefined
    ? { apiVersion, kind, metadata: { name: clusterScopedHostName(name, of.namespace, of.name) } }
    : { apiVersion, kind, metadata: { name: hostName(name, namespace, of.name), namespace: of.namespace } };

/** Makes an object that must not reach the host, and finds the event about it that names rule and field. */
async function expectDenied(object: TestObject, rule: string, field: string, of: Pair = pair()): Promise<void> {
  const made = await of.virtual.create(object);
  await untilDenied(made, rule, field, of);
  expect(await of.host.get(copyOf(object, of))).toBeUndefined();
  await of.virtual.delete(object);
  await of.virtual.untilGone(object);
}

async function untilDenied(about: TestObject, rule: string, field: string, of: Pair = pair()): Promise<void> {
  const { uid, name } = about.metadata;
  const beginning = `Isolation "${rule}": ${field}: `;
  const told = async (): Promise<boolean> => {
    const events = await of.virtual.list(RESOURCES.events, about.metadata.namespace ?? 'default');
    return events.some((event) => event.involvedObject.uid === uid && String(event.message).startsWith(beginning));
  };
  await eventually(told, {
    what: `an event about ${name}: ${beginning}`,
    everyMs: LOOK_EVERY_MS,
    timeoutMs: TIMEOUT_MS,
  });
}

/** Makes an object, waits for its copy, and takes both away again. */
async function expectCopied(object: TestObject, expected: object = {}, of: Pair = pair()): Promise<void> {
  await of.virtual.create(object);
  await of.host.until(copyOf(object, of), 'to be as expected', (copy) => expect(copy).toMatchObject(expected));
  await of.virtual.delete(object);
  await of.host.untilGone(copyOf(object, of));
}

describe('row 2: directories of the node', () => {
  const volume = (name: string, source: object): TestObject => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'of-mine',
      ...source,
    },
  });
  const wish = (name: string, volumeName: string) =>
    claim(name, {
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'of-mine',
        volumeName,
        resources: { requests: { storage: '1Gi' } },
      },
    });
  const user = (name: string, claimName: string) =>
    pod(name, { spec: { containers: [MAIN], volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] } });

  it.each([
    ['the root', '/'],
    ['credentials', '/etc/kubernetes/pki'],
    ['a neighbour of what is given away', '/srv/shared-not'],
    ['what may only be read', '/srv/looked-at'],
  ])('row 2: %s can not be had by a volume, its claim and a pod', async (_, path) => {
    const { virtual, host } = pair();
    const root = await virtual.create(volume('root', { hostPath: { path } }));
    const made = await virtual.create(wish('root', 'root'));
    await virtual.create(user('root', 'root'));
    await untilDenied(root, 'allow.hostPaths', 'spec.hostPath.path');
    expect(await host.get(copyOf(root))).toBeUndefined();
    expect(await host.get(copyOf(made))).toBeUndefined();
    for (const object of [user('root', 'root'), made, root]) {
      await virtual.delete(object);
      await virtual.untilGone(object);
    }
    await host.untilGone(copyOf(user('root', 'root')));
  });

  it('row 2: a directory that is given away can be had', async () => {
    const { virtual, host } = pair();
    const shared = await virtual.create(volume('shared', { hostPath: { path: '/srv/shared/a' } }));
    const made = await virtual.create(wish('shared', 'shared'));
    await host.until(copyOf(shared), 'to be there', ({ spec }) => spec.hostPath.path === '/srv/shared/a');
    await virtual.delete(made);
    await virtual.untilGone(made);
    await virtual.delete(shared);
    await host.untilGone(copyOf(shared));
  });

  it('row 2: volumes of git repositories are refused', async () => {
    const made = await pair().virtual.create(
      pod('git', { spec: { containers: [MAIN], volumes: [{ name: 'v', gitRepo: { repository: '-x' } }] } }),
    );
    await untilTold(pair(), made, 'FieldNotAllowed');
    expect(await pair().host.get(copyOf(made))).toBeUndefined();
    await pair().virtual.delete(made);
  });
});

describe('row 12: annotations that host controllers read', () => {
  const annotations = Object.fromEntries(INTRUSIVE_ANNOTATIONS.map((key) => [key, 'yes']));

  it.each<[kind: string, object: TestObject]>([
    ['Pod', pod('annotated', { spec: { containers: [MAIN] } }, annotations)],
    ['Service', service('annotated', { spec: { ports: [{ port: 80 }] } }, annotations)],
    ['Ingress', ingress('annotated', 'annotated.example.com', {}, annotations)],
    [
      'NetworkPolicy',
      named('networking.k8s.io/v1', 'NetworkPolicy')('annotated', { spec: { podSelector: {} } }, annotations),
    ],
    [
      'PodDisruptionBudget',
      named('policy/v1', 'PodDisruptionBudget')('annotated', { spec: { selector: {} } }, annotations),
    ],
    ['ServiceAccount', named('v1', 'ServiceAccount')('annotated', {}, annotations)],
    ['ConfigMap', named('v1', 'ConfigMap')('annotated', {}, { ...annotations, 'vcluster.loft.sh/force-sync': 'true' })],
    ['Secret', named('v1', 'Secret')('annotated', {}, { ...annotations, 'vcluster.loft.sh/force-sync': 'true' })],
    [
      'ResourceClaim',
      deviceClaim(
        'annotated',
        { spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'gpu' } }] } } },
        annotations,
      ),
    ],
  ])('row 12: none of sixty reaches the host on a %s', async (_, object) => {
    const { virtual, host } = pair();
    await virtual.create(object);
    const copy = await host.until(copyOf(object), 'to be there');
    const keys = Object.keys(copy.metadata.annotations ?? {});
    expect(keys.filter((key) => INTRUSIVE_ANNOTATIONS.includes(key))).toEqual([]);
    await virtual.delete(object);
    await host.untilGone(copyOf(object));
  });

  it("row 12: those that shape a tenant's own traffic pass on an Ingress", async () => {
    const own = { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' };
    await expectCopied(ingress('shaped', 'shaped.example.com', {}, own), { metadata: { annotations: own } });
  });
});

describe('row 14: host names', () => {
  it.each<[what: string, object: TestObject, rule: string, field: string]>([
    ["somebody else's", ingress('theirs', 'a.other.test'), 'hostnames.allowed', 'spec.rules[0].host'],
    ["a wildcard over somebody else's", ingress('wide', '*.test'), 'hostnames.allowed', 'spec.rules[0].host'],
    ['none', ingress('none', undefined), 'hostnames.catchAll', 'spec.rules[0].host'],
    [
      'none but a default backend',
      ingressOf('fallback', { spec: { defaultBackend: backend } }),
      'hostnames.catchAll',
      'spec.defaultBackend',
    ],
    [
      'a class that is not offered',
      ingress('classy', 'classy.example.com', { ingressClassName: 'other' }),
      'classes.ingress',
      'spec.ingressClassName',
    ],
    [
      'such a class in the old annotation',
      ingress('old', 'old.example.com', {}, { 'kubernetes.io/ingress.class': 'other' }),
      'classes.ingress',
      'metadata.annotations[kubernetes.io/ingress.class]',
    ],
  ])('row 14: an Ingress with %s never reaches the host', (_, object, rule, field) =>
    expectDenied(object, rule, field),
  );

  it('row 14: an Ingress with a name of this cluster is served, by the class for those that name none', () =>
    expectCopied(ingress('ours', 'ours.example.com'), {
      spec: { ingressClassName: 'public', rules: [{ host: 'ours.example.com' }] },
    }));

  describe('of two clusters', () => {
    const isClaimed = async (hostname: string): Promise<boolean> => {
      const leases = await pair().host.list(RESOURCES.leases, CLAIMS);
      return leases.some(({ metadata }) => metadata.annotations?.['sublet.dev/hostname'] === hostname);
    };
    const untilReleased = (hostname: string) =>
      eventually(async () => !(await isClaimed(hostname)), {
        what: `${hostname} to be released`,
        everyMs: LOOK_EVERY_MS,
        timeoutMs: TIMEOUT_MS,
      });

    it('row 14: exactly one gets a host name that both ask for at once, and the other after it', async () => {
      const hosts = Array.from({ length: 10 }, (_, index) => `race-${index}.example.com`);
      const both = [pair(), second()];
      const made = hosts.map((host, index) => ingress(`race-${index}`, host));
      await Promise.all(made.flatMap((object) => both.map(({ virtual }) => virtual.create(object))));
      const winners = await Promise.all(
        made.map((object) =>
          eventually(
            async () => {
              const copies = await Promise.all(both.map((one) => one.host.get(copyOf(object, one))));
              const position = copies.findIndex((copy) => copy !== undefined);
              return position === -1 ? undefined : { object, winner: both[position], loser: both[1 - position] };
            },
            { what: `${object.metadata.name} to be served`, everyMs: LOOK_EVERY_MS, timeoutMs: TIMEOUT_MS },
          ),
        ),
      );
      for (const { object, winner, loser } of winners) {
        if (winner === undefined || loser === undefined) throw new Error('there are two clusters');
        const refused = await loser.virtual.get(object);
        if (refused === undefined) throw new Error('the loser keeps its Ingress');
        await untilDenied(refused, 'hostnames.claims', 'spec.rules[0].host', loser);
        expect(await loser.host.get(copyOf(object, loser))).toBeUndefined();
        await winner.virtual.delete(object);
        await loser.host.until(copyOf(object, loser), 'to be served by the other');
        expect(await winner.host.get(copyOf(object, winner))).toBeUndefined();
        await loser.virtual.delete(object);
      }
      for (const host of hosts) await untilReleased(host);
    });

    it('row 14: a wildcard over a name of the other is refused, and a name below a wildcard of the other', async () => {
      const exact = ingress('exact', 'a.b.example.com');
      const wild = ingress('wild', '*.b.example.com');
      await pair().virtual.create(exact);
      await pair().host.until(copyOf(exact), 'to be served');
      await expectDenied(wild, 'hostnames.claims', 'spec.rules[0].host', second());
      await pair().virtual.delete(exact);
      await untilReleased('a.b.example.com');
      await second().virtual.create(wild);
      await second().host.until(copyOf(wild, second()), 'to be served');
      await expectDenied(exact, 'hostnames.claims', 'spec.rules[0].host');
      await second().virtual.delete(wild);
      await untilReleased('*.b.example.com');
    });
  });
});

describe('row 15: addresses and ports of Services', () => {
  const loadBalancer = { type: 'LoadBalancer', ports: [{ port: 80 }] };

  it('row 15: external addresses and those of load balancers stay behind', async () => {
    const { virtual, host } = pair();
    const asked = { ...loadBalancer, externalIPs: ['203.0.113.9'], loadBalancerIP: '203.0.113.10' };
    const made = await virtual.create(service('grab', { spec: asked }));
    await untilDenied(made, 'services.externalIPs', 'spec.externalIPs[0]');
    await untilDenied(made, 'services.loadBalancerIPs', 'spec.loadBalancerIP');
    const { spec } = await host.until(copyOf(made), 'to be there');
    expect(spec).not.toHaveProperty('externalIPs');
    expect(spec).not.toHaveProperty('loadBalancerIP');
    await virtual.delete(made);
    await host.untilGone(copyOf(made));
  });

  it('row 15: external addresses on the list pass', () =>
    expectCopied(service('own-address', { spec: { ports: [{ port: 80 }], externalIPs: ['198.51.100.7'] } }), {
      spec: { externalIPs: ['198.51.100.7'] },
    }));

  it('row 15: a class of load balancers that is not offered is refused', () =>
    expectDenied(
      service('classy', { spec: { ...loadBalancer, loadBalancerClass: 'example.com/other' } }),
      'services.loadBalancerClasses',
      'spec.loadBalancerClass',
    ));

  it('row 15: a class of load balancers that is offered passes', () =>
    expectCopied(service('inner', { spec: { ...loadBalancer, loadBalancerClass: 'example.com/internal' } }), {
      spec: { loadBalancerClass: 'example.com/internal' },
    }));

  it('row 15: a node port is what the host gives, on both sides, whatever number is asked for', async () => {
    const { virtual, host } = pair();
    const nodePort = 32_650;
    const made = await virtual.create(
      service('grab-port', { spec: { type: 'NodePort', ports: [{ port: 80, nodePort }] } }),
    );
    const given = (await host.until(copyOf(made), 'to be there')).spec.ports[0].nodePort;
    expect(given).not.toBe(nodePort);
    await virtual.until(made, 'to show what was given', ({ spec }) => spec.ports[0].nodePort === given);
    await virtual.patch(made, { spec: { ports: [{ port: 80, nodePort, protocol: 'TCP' }] } });
    await untilDenied(made, 'services.nodePortRanges', 'spec.ports[0].nodePort');
    await virtual.until(made, 'to show it again', ({ spec }) => spec.ports[0].nodePort === given);
    expect((await host.get(copyOf(made)))?.spec.ports[0].nodePort).toBe(given);
    await virtual.delete(made);
    await host.untilGone(copyOf(made));
  });

  it('row 15: a node port of an allowed range can be chosen', () =>
    expectCopied(service('own-port', { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 32_705 }] } }), {
      spec: { ports: [{ nodePort: 32_705 }] },
    }));

  it.each(['kubernetes.default.svc.cluster.local', '169.254.169.254'])(
    'row 15: an ExternalName %s is nothing to the host',
    async (externalName) => {
      const { virtual, host } = pair();
      const made = await virtual.create(service('elsewhere', { spec: { type: 'ExternalName', externalName } }));
      const after = service('after', { spec: { ports: [{ port: 80 }] } });
      await expectCopied(after);
      expect(await host.get(copyOf(made))).toBeUndefined();
      await virtual.delete(made);
      await virtual.untilGone(made);
    },
  );
});

describe('row 18: nodes that are not meant for tenants', () => {
  const tolerating = (name: string, toleration: object) =>
    pod(name, { spec: { containers: [MAIN], tolerations: [toleration] } });

  it.each([
    ['every taint', { operator: 'Exists' }],
    ['control planes', { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
    ['more of an allowed taint', { key: 'pool', operator: 'Exists' }],
  ])('row 18: a pod that tolerates %s never reaches the host', (_, toleration) =>
    expectDenied(tolerating('tolerant', toleration), 'tolerations', 'spec.tolerations[0]'),
  );

  it('row 18: an allowed toleration passes, with those that Kubernetes adds', () =>
    expectCopied(tolerating('modest', { key: 'pool', value: 'team-a', effect: 'NoSchedule' }), {
      spec: { tolerations: expect.arrayContaining([expect.objectContaining({ key: 'pool', value: 'team-a' })]) },
    }));

  it('row 18: a node that the cluster does not have can not be named, and a scheduler is never passed by', async () => {
    const { virtual, host } = pair();
    const made = await virtual.create(pod('placed', { spec: { containers: [MAIN], nodeName: 'somewhere' } }));
    await untilTold(pair(), made, 'FieldNotAllowed');
    expect(await host.get(copyOf(made))).toBeUndefined();
    await virtual.delete(made);
  });
});

describe('row 19: priority', () => {
  const priorityClass = (name: string, rest: object): TestObject => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    ...rest,
  });

  it('row 19: a class is capped on the host, never the default there, and evicts nobody', async () => {
    const { virtual, host } = pair();
    const high = await virtual.create(
      priorityClass('high', { value: 1_000_000_000, preemptionPolicy: 'PreemptLowerPriority', globalDefault: true }),
    );
    const copy = await host.until(copyOf(high), 'to be there');
    expect(copy).toMatchObject({ value: 1000, preemptionPolicy: 'Never' });
    expect(copy.globalDefault).not.toBe(true);
    const user = pod('high', { spec: { containers: [MAIN], priorityClassName: 'high' } });
    await virtual.create(user);
    await host.until(copyOf(user), 'to have the capped priority', ({ spec }) => spec.priority === 1000);
    await virtual.delete(user);
    await virtual.delete(high);
    await host.untilGone(copyOf(high));
  });

  it.each(['system-node-critical', 'system-cluster-critical'])(
    'row 19: %s counts for nothing on the host, though it shows such classes',
    async (priorityClassName) => {
      const { virtual, host } = second();
      const made = await virtual.create(pod('critical', { spec: { containers: [MAIN], priorityClassName } }));
      const { spec } = await host.until(copyOf(made, second()), 'to be there');
      expect(spec).not.toHaveProperty('priorityClassName');
      expect(spec.priority ?? 0).toBe(0);
      await virtual.delete(made);
      await host.untilGone(copyOf(made, second()));
    },
  );
});

describe('row 20: classes', () => {
  const wish = (name: string, storageClassName?: string) =>
    claim(name, {
      spec: {
        accessModes: ['ReadWriteOnce'],
        ...(storageClassName !== undefined && { storageClassName }),
        resources: { requests: { storage: '1Gi' } },
      },
    });
  const devices = (name: string, deviceClassName: string, rest: object = {}) =>
    deviceClaim(name, { spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName, ...rest } }] } } });

  it('row 20: a storage class that is not offered is refused', () =>
    expectDenied(wish('slow', 'slow'), 'classes.storage', 'spec.storageClassName'));
  it('row 20: a storage class that is offered passes', () =>
    expectCopied(wish('fast', 'fast'), { spec: { storageClassName: 'fast' } }));
  it('row 20: a claim without a class gets the one that is declared, never that of the host', () =>
    expectCopied(wish('any'), { spec: { storageClassName: 'fast' } }));
  it('row 20: a claim with an empty class gets nothing', async () => {
    const made = await pair().virtual.create(wish('empty', ''));
    await untilTold(pair(), made, 'FailedBinding');
    expect(await pair().host.get(copyOf(made))).toBeUndefined();
    await pair().virtual.delete(made);
  });
  it('row 20: a runtime class that is not offered is refused', async () => {
    const runtime = { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'bare' }, handler: 'bare' };
    await pair().virtual.create(runtime);
    const made = await pair().virtual.create(pod('bare', { spec: { containers: [MAIN], runtimeClassName: 'bare' } }));
    await untilTold(pair(), made, 'FieldNotAllowed');
    expect(await pair().host.get(copyOf(made))).toBeUndefined();
    await pair().virtual.delete(made);
    await pair().virtual.delete(runtime);
  });
  it('row 20: a device class that is not offered is refused', () =>
    expectDenied(devices('other', 'other'), 'classes.device', 'spec.devices.requests[0].exactly.deviceClassName'));
  it('row 20: a device class that is offered passes', () =>
    expectCopied(devices('gpu', 'gpu'), {
      spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'gpu' } }] } },
    }));
});

describe('images', () => {
  const running = (name: string, image: string) => pod(name, { spec: { containers: [{ name: 'main', image }] } });

  it('from a registry that is not allowed are refused', () =>
    expectDenied(running('evil', 'evil.test/app'), 'images.registries', 'spec.containers[0].image'));
  it('from an allowed registry pass, and those without a registry are of Docker Hub', async () => {
    await expectCopied(running('good', 'registry.example.com/app'));
    await expectCopied(running('short', 'nginx'), { metadata: { labels: { [LABELS.managedBy]: pair().name } } });
  });
  it('of a running pod can not be changed to one that is not allowed', async () => {
    const { virtual, host } = pair();
    const made = await virtual.create(running('changing', 'nginx:1.27'));
    await host.until(copyOf(made), 'to be there');
    await virtual.patch(made, { spec: { containers: [{ name: 'main', image: 'evil.test/app' }] } }, STRATEGIC);
    await untilDenied(made, 'images.registries', 'spec.containers[0].image');
    expect((await host.get(copyOf(made)))?.spec.containers[0].image).toBe('nginx:1.27');
    await virtual.delete(made);
    await host.untilGone(copyOf(made));
  });
});

const STRATEGIC = { type: 'application/strategic-merge-patch+json' } as const;
