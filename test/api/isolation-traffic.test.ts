import { randomBytes } from 'node:crypto';
import { RESOURCES } from '../../syncer/kube/resources';
import { eventually } from '../support/eventually';
import { INTRUSIVE_ANNOTATIONS } from '../support/intrusive-annotations';
import { LOOK_EVERY_MS, type TestObject, TIMEOUT_MS } from './support/api';
import { copyOf, expectCopied, expectDenied, named, untilDenied } from './support/denials';
import { type Pair, startPair } from './support/pair';
import { usePair } from './support/use-pair';

const CLAIMS = `claims-${randomBytes(3).toString('hex')}`;
const HOSTNAMES = { allowed: ['*.example.com'], claims: { namespace: CLAIMS } };

const pair = usePair({
  spec: {
    sync: { toHost: { ingresses: { enabled: true } } },
    isolation: {
      services: {
        externalIPs: ['198.51.100.0/24'],
        nodePortRanges: [{ from: 32_700, to: 32_710 }],
        loadBalancerClasses: ['example.com/internal'],
      },
      hostnames: HOSTNAMES,
      classes: { ingress: { allowed: ['inner'], default: 'public' } },
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
      endpoint: { via: 'loadBalancer', hostname: 'api.example.com' },
    },
  });
});
afterAll(async () => {
  await other?.[Symbol.asyncDispose]();
});

const pod = named('v1', 'Pod');
const service = named('v1', 'Service');
const ingressOf = named('networking.k8s.io/v1', 'Ingress');

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

describe('row 12: annotations that ingress controllers read', () => {
  it('row 12: none of sixty reaches the host on an Ingress, and those that shape its own traffic do', async () => {
    const own = { 'nginx.ingress.kubernetes.io/proxy-body-size': '8m' };
    const intrusive = Object.fromEntries(INTRUSIVE_ANNOTATIONS.map((key) => [key, 'yes']));
    const { virtual, host } = pair();
    const made = await virtual.create(ingress('annotated', 'annotated.example.com', {}, { ...intrusive, ...own }));
    const { metadata } = await host.until(copyOf(made, pair()), 'to be there');
    expect(metadata.annotations).toMatchObject(own);
    expect(Object.keys(metadata.annotations ?? {}).filter((key) => INTRUSIVE_ANNOTATIONS.includes(key))).toEqual([]);
    await virtual.delete(made);
    await host.untilGone(copyOf(made, pair()));
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
    expectDenied(object, rule, field, pair()),
  );

  it('row 14: an Ingress with a name of this cluster is served, by the class for those that name none', () =>
    expectCopied(ingress('ours', 'ours.example.com'), pair(), {
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
      const both = [pair(), second()];
      // Every other time the second asks for a wildcard above the name.
      const wishes = Array.from({ length: 10 }, (_, index) => [
        `a.race-${index}.example.com`,
        `${index % 2 === 0 ? 'a' : '*'}.race-${index}.example.com`,
      ]);
      const made = wishes.map((_, index) => ingress(`race-${index}`, undefined));
      const wish = (index: number, who: number) => ingress(`race-${index}`, wishes[index]?.[who]);
      await Promise.all(wishes.flatMap((_, index) => both.map(({ virtual }, who) => virtual.create(wish(index, who)))));
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
      for (const hostname of wishes.flat()) await untilReleased(hostname);
    });

    it('row 14: the name under which the other cluster itself is reached can not be served', () =>
      expectDenied(ingress('api', 'api.example.com'), 'hostnames.claims', 'spec.rules[0].host', pair()));

    it('row 14: a wildcard over a name of the other is refused, and a name below a wildcard of the other', async () => {
      const exact = ingress('exact', 'a.b.example.com');
      const wild = ingress('wild', '*.b.example.com');
      await pair().virtual.create(exact);
      await pair().host.until(copyOf(exact, pair()), 'to be served');
      await expectDenied(wild, 'hostnames.claims', 'spec.rules[0].host', second());
      await pair().virtual.delete(exact);
      await untilReleased('a.b.example.com');
      await second().virtual.create(wild);
      await second().host.until(copyOf(wild, second()), 'to be served');
      await expectDenied(exact, 'hostnames.claims', 'spec.rules[0].host', pair());
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
    await untilDenied(made, 'services.externalIPs', 'spec.externalIPs[0]', pair());
    await untilDenied(made, 'services.loadBalancerIPs', 'spec.loadBalancerIP', pair());
    const { spec } = await host.until(copyOf(made, pair()), 'to be there');
    expect(spec).not.toHaveProperty('externalIPs');
    expect(spec).not.toHaveProperty('loadBalancerIP');
    await virtual.delete(made);
    await host.untilGone(copyOf(made, pair()));
  });

  it('row 15: external addresses on the list pass', () =>
    expectCopied(service('own-address', { spec: { ports: [{ port: 80 }], externalIPs: ['198.51.100.7'] } }), pair(), {
      spec: { externalIPs: ['198.51.100.7'] },
    }));

  it('row 15: a class of load balancers that is not offered is refused', () =>
    expectDenied(
      service('classy', { spec: { ...loadBalancer, loadBalancerClass: 'example.com/other' } }),
      'services.loadBalancerClasses',
      'spec.loadBalancerClass',
      pair(),
    ));

  it('row 15: a class of load balancers that is offered passes', () =>
    expectCopied(service('inner', { spec: { ...loadBalancer, loadBalancerClass: 'example.com/internal' } }), pair(), {
      spec: { loadBalancerClass: 'example.com/internal' },
    }));

  it('row 15: a node port is what the host gives, on both sides, whatever number is asked for', async () => {
    const { virtual, host } = pair();
    const nodePort = 32_650;
    const made = await virtual.create(
      service('grab-port', { spec: { type: 'NodePort', ports: [{ port: 80, nodePort }] } }),
    );
    const given = (await host.until(copyOf(made, pair()), 'to be there')).spec.ports[0].nodePort;
    expect(given).not.toBe(nodePort);
    await virtual.until(made, 'to show what was given', ({ spec }) => spec.ports[0].nodePort === given);
    await virtual.patch(made, { spec: { ports: [{ port: 80, nodePort, protocol: 'TCP' }] } });
    await untilDenied(made, 'services.nodePortRanges', 'spec.ports[0].nodePort', pair());
    await virtual.until(made, 'to show it again', ({ spec }) => spec.ports[0].nodePort === given);
    expect((await host.get(copyOf(made, pair())))?.spec.ports[0].nodePort).toBe(given);
    await virtual.delete(made);
    await host.untilGone(copyOf(made, pair()));
  });

  it('row 15: a node port of an allowed range can be chosen', () =>
    expectCopied(service('own-port', { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 32_705 }] } }), pair(), {
      spec: { ports: [{ nodePort: 32_705 }] },
    }));

  it.each(['kubernetes.default.svc.cluster.local', '169.254.169.254'])(
    'row 15: an ExternalName %s is nothing to the host',
    async (externalName) => {
      const { virtual, host } = pair();
      const made = await virtual.create(service('elsewhere', { spec: { type: 'ExternalName', externalName } }));
      const after = service('after', { spec: { ports: [{ port: 80 }] } });
      await expectCopied(after, pair());
      expect(await host.get(copyOf(made, pair()))).toBeUndefined();
      await virtual.delete(made);
      await virtual.untilGone(made);
    },
  );
});

describe('row 19: priority classes that are shown', () => {
  it.each(['system-node-critical', 'system-cluster-critical'])(
    'row 19: %s counts for nothing on the host, though it shows such classes',
    async (priorityClassName) => {
      const { virtual, host } = second();
      const made = await virtual.create(
        pod('critical', { spec: { containers: [{ name: 'main', image: 'nginx' }], priorityClassName } }),
      );
      const { spec } = await host.until(copyOf(made, second()), 'to be there');
      expect(spec).not.toHaveProperty('priorityClassName');
      expect(spec.priority ?? 0).toBe(0);
      await virtual.delete(made);
      await host.untilGone(copyOf(made, second()));
    },
  );
});
