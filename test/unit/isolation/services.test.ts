import type { ServiceIsolation } from '../../../lib/spec';
import { toHostService } from '../../../syncer/services/translate';
import type { Service, ServiceSpec } from '../../../syncer/services/types';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

const service = (spec: ServiceSpec): Service => ({
  metadata: { name: 'web', namespace: 'shop', uid: 'u1' },
  spec: { clusterIP: '10.96.1.1', ports: [{ port: 80 }], ...spec },
});

const translate = (spec: ServiceSpec, services: ServiceIsolation = {}, host?: ServiceSpec) =>
  toHostService(
    service(spec),
    { ...ARTICLE, sections: sectionsOf({ isolation: { services } }) },
    host && service(host),
  );

describe('a Service that may not be what it is', () => {
  it.each<[rule: string, field: string, spec: ServiceSpec, options: ServiceIsolation]>([
    ['services.loadBalancers', 'spec.type', { type: 'LoadBalancer' }, { loadBalancers: false }],
    ['services.loadBalancerClasses', 'spec.loadBalancerClass', { type: 'LoadBalancer', loadBalancerClass: 'a/b' }, {}],
    ['services.nodePorts', 'spec.type', { type: 'NodePort' }, { nodePorts: false }],
    ['services.nodePorts', 'spec.allocateLoadBalancerNodePorts', { type: 'LoadBalancer' }, { nodePorts: false }],
  ])('is refused by %s for %s', (rule, field, spec, options) => {
    expect(translate(spec, options)).toMatchObject({
      kind: 'refused',
      field,
      message: expect.stringContaining(`Isolation "${rule}": ${field}: `),
    });
  });

  it.each<[what: string, spec: ServiceSpec, options: ServiceIsolation]>([
    ['load balancers and node ports', { type: 'LoadBalancer' }, {}],
    ['node ports', { type: 'NodePort' }, { loadBalancers: false }],
    ['plain Services', { type: 'ClusterIP' }, { loadBalancers: false, nodePorts: false }],
    [
      'load balancers without node ports',
      { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false },
      { nodePorts: false },
    ],
    ['a class that is offered', { type: 'LoadBalancer', loadBalancerClass: 'a/b' }, { loadBalancerClasses: ['a/b'] }],
  ])('is none where it is allowed: %s', (_, spec, options) => {
    expect(translate(spec, options)).toMatchObject({ kind: 'object', object: { spec: { type: spec.type } } });
  });
});

describe('addresses and ports that a Service asks for', () => {
  const asked: ServiceSpec = {
    type: 'LoadBalancer',
    externalIPs: ['198.51.100.7', '203.0.113.9', '2001:db8::1'],
    loadBalancerIP: '198.51.100.8',
    ports: [{ port: 80, nodePort: 30_080 }],
  };

  it('stay behind by default, each with an event that names policy and field', () => {
    const translation = translate(asked);
    if (translation.kind !== 'object') throw new Error(translation.kind);
    const { spec } = translation.object;
    expect(spec).not.toHaveProperty('externalIPs');
    expect(spec).not.toHaveProperty('loadBalancerIP');
    expect(spec?.ports).toEqual([{ port: 80 }]);
    expect(translation.warnings?.map(({ message }) => message)).toEqual(
      [
        ['services.externalIPs', 'spec.externalIPs[0]', '198.51.100.7'],
        ['services.externalIPs', 'spec.externalIPs[1]', '203.0.113.9'],
        ['services.externalIPs', 'spec.externalIPs[2]', '2001:db8::1'],
        ['services.loadBalancerIPs', 'spec.loadBalancerIP', '198.51.100.8'],
        ['services.nodePortRanges', 'spec.ports[0].nodePort', '30080', 'the host gives another'],
      ].map(
        ([rule, field, value, instead = 'it stays behind']) =>
          `Isolation "${rule}": ${field}: "${value}" is not allowed here, ${instead}`,
      ),
    );
  });

  it('pass as far as they are on the lists', () => {
    const translation = translate(asked, {
      externalIPs: ['198.51.100.0/24', '2001:db8::/64'],
      loadBalancerIPs: ['198.51.100.8/32'],
      nodePortRanges: [{ from: 30_080 }],
    });
    if (translation.kind !== 'object') throw new Error(translation.kind);
    expect(translation.object.spec).toMatchObject({
      externalIPs: ['198.51.100.7', '2001:db8::1'],
      loadBalancerIP: '198.51.100.8',
      ports: [{ port: 80, nodePort: 30_080 }],
    });
    expect(translation.warnings).toHaveLength(1);
  });

  it('are kept when they are those that the host gave', () => {
    const host: ServiceSpec = { ports: [{ port: 80, nodePort: 30_080 }] };
    const { externalIPs: _, loadBalancerIP: __, ...spec } = asked;
    const translation = translate(spec, {}, host);
    expect(translation).toMatchObject({ kind: 'object', object: { spec: { ports: [{ nodePort: 30_080 }] } } });
    expect(translation).not.toHaveProperty('warnings');
  });
});

it('an ExternalName is never on the host, whatever it names', () => {
  for (const externalName of ['kubernetes.default.svc.cluster.local', '169.254.169.254', 'example.com']) {
    expect(translate({ type: 'ExternalName', externalName }).kind).toBe('skip');
  }
});
