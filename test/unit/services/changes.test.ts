import type { Condition } from 'kubernetes-types/meta/v1';
import { serviceToVirtual } from '../../../syncer/services/back';
import { serviceChanges } from '../../../syncer/services/changes';
import type { Service, ServiceSpec } from '../../../syncer/services/types';

const PORT = { name: 'http', port: 80, protocol: 'TCP', targetPort: 80 };
const CLUSTER: ServiceSpec = { type: 'ClusterIP', clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'], ports: [PORT] };
const NODE: ServiceSpec = {
  ...CLUSTER,
  type: 'NodePort',
  externalTrafficPolicy: 'Cluster',
  ports: [{ ...PORT, nodePort: 30001 }],
};
const BALANCED: ServiceSpec = { ...NODE, type: 'LoadBalancer', allocateLoadBalancerNodePorts: true };
const service = (spec: ServiceSpec, rest: object = {}): Service => ({ metadata: { name: 's' }, spec, ...rest });
const patchOf = (desired: ServiceSpec, current: ServiceSpec) => {
  const [change] = serviceChanges(service(desired), service(current));
  return change?.kind === 'patch' ? change.patch : change;
};

describe('changes of a host Service', () => {
  it.each<[string, ServiceSpec, ServiceSpec, object | undefined]>([
    ['nothing', CLUSTER, CLUSTER, undefined],
    ['nothing for the ClusterIP that the host gave', { ...CLUSTER, clusterIP: '10.0.0.9' }, CLUSTER, undefined],
    ['nothing for node ports that the host gave', { ...NODE, ports: [PORT] }, NODE, undefined],
    [
      'ClusterIP → NodePort',
      NODE,
      CLUSTER,
      { type: 'NodePort', externalTrafficPolicy: 'Cluster', ports: [{ ...PORT, nodePort: 30001 }] },
    ],
    ['NodePort → ClusterIP', CLUSTER, NODE, { type: 'ClusterIP', externalTrafficPolicy: null, ports: [PORT] }],
    [
      'LoadBalancer → ClusterIP',
      CLUSTER,
      { ...BALANCED, loadBalancerClass: 'x', healthCheckNodePort: 32000 },
      {
        type: 'ClusterIP',
        allocateLoadBalancerNodePorts: null,
        externalTrafficPolicy: null,
        loadBalancerClass: null,
        healthCheckNodePort: null,
        ports: [PORT],
      },
    ],
    [
      'NodePort → LoadBalancer',
      { ...BALANCED, loadBalancerClass: 'x' },
      NODE,
      { type: 'LoadBalancer', allocateLoadBalancerNodePorts: true, loadBalancerClass: 'x' },
    ],
    ['nothing for the class that the host chose', BALANCED, { ...BALANCED, loadBalancerClass: 'host' }, undefined],
    [
      'ExternalName → ClusterIP',
      CLUSTER,
      { type: 'ExternalName', externalName: 'x.y' },
      { ...CLUSTER, externalName: null },
    ],
    [
      'a node port',
      { ...NODE, ports: [{ ...PORT, nodePort: 30002 }] },
      NODE,
      { ports: [{ ...PORT, nodePort: 30002 }] },
    ],
    [
      'a further port, keeping the node port of the first',
      { ...NODE, ports: [PORT, { name: 'tls', port: 443 }] },
      NODE,
      {
        ports: [
          { ...PORT, nodePort: 30001 },
          { name: 'tls', port: 443 },
        ],
      },
    ],
    [
      'a port member that is gone',
      { ...CLUSTER, ports: [PORT] },
      { ...CLUSTER, ports: [{ ...PORT, appProtocol: 'h2c' }] },
      { ports: [PORT] },
    ],
    [
      'internalTrafficPolicy',
      { ...CLUSTER, internalTrafficPolicy: 'Local' },
      CLUSTER,
      { internalTrafficPolicy: 'Local' },
    ],
    [
      'trafficDistribution gone',
      CLUSTER,
      { ...CLUSTER, trafficDistribution: 'PreferClose' },
      { trafficDistribution: null },
    ],
    [
      'publishNotReadyAddresses',
      { ...CLUSTER, publishNotReadyAddresses: true },
      CLUSTER,
      { publishNotReadyAddresses: true },
    ],
    [
      'ipFamilyPolicy',
      { ...CLUSTER, ipFamilyPolicy: 'PreferDualStack' },
      CLUSTER,
      { ipFamilyPolicy: 'PreferDualStack' },
    ],
    [
      'session affinity',
      CLUSTER,
      { ...CLUSTER, sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } },
      { sessionAffinity: null, sessionAffinityConfig: null },
    ],
    [
      'source ranges',
      { ...BALANCED, loadBalancerSourceRanges: ['10.0.0.0/8'] },
      BALANCED,
      { loadBalancerSourceRanges: ['10.0.0.0/8'] },
    ],
    [
      'node ports switched off',
      { ...BALANCED, allocateLoadBalancerNodePorts: false, ports: [PORT] },
      BALANCED,
      {
        allocateLoadBalancerNodePorts: false,
        ports: [PORT],
      },
    ],
    [
      'a selector key that is gone',
      { ...CLUSTER, selector: { a: '1' } },
      { ...CLUSTER, selector: { a: '1', b: '2' } },
      {
        selector: { b: null },
      },
    ],
  ])('%s', (_case, desired, current, spec) => {
    expect(patchOf(desired, current)).toEqual(spec && { spec });
  });
});

describe('what flows back to the virtual Service', () => {
  it.each<[string, Service, Service, object]>([
    ['nothing when equal', service(NODE), service(NODE), { kind: 'nothing' }],
    [
      'nothing for a headless Service',
      service({ ...CLUSTER, clusterIP: 'None' }),
      service({ ...CLUSTER, clusterIP: 'None' }),
      { kind: 'nothing' },
    ],
    [
      'node ports',
      service(NODE),
      service({ ...NODE, ports: [PORT] }),
      { kind: 'patch', changes: [{ kind: 'patch', patch: { spec: { ports: NODE.ports } } }] },
    ],
    [
      'nothing of a port that is not there any more',
      service(NODE),
      service({ ...NODE, ports: [{ ...PORT, port: 81 }] }),
      { kind: 'nothing' },
    ],
    [
      'the health check port, once',
      service({ ...BALANCED, externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 }),
      service({ ...BALANCED, externalTrafficPolicy: 'Local' }),
      { kind: 'patch', changes: [{ kind: 'patch', patch: { spec: { healthCheckNodePort: 32000 } } }] },
    ],
    [
      'the address of the load balancer',
      service(BALANCED, { status: { loadBalancer: { ingress: [{ ip: '1.1.1.1' }] } } }),
      service(BALANCED),
      {
        kind: 'patch',
        changes: [
          {
            kind: 'patch',
            subresource: 'status',
            patch: { status: { loadBalancer: { ingress: [{ ip: '1.1.1.1' }] } } },
          },
        ],
      },
    ],
    [
      'no address, once it is no load balancer any more',
      service(CLUSTER, { status: { loadBalancer: { ingress: [{ ip: '1.1.1.1' }] } } }),
      service(CLUSTER, { status: { loadBalancer: { ingress: [{ ip: '1.1.1.1' }] } } }),
      {
        kind: 'patch',
        changes: [{ kind: 'patch', subresource: 'status', patch: { status: { loadBalancer: { ingress: null } } } }],
      },
    ],
  ])('%s', (_case, host, virtual, expected) => {
    expect(serviceToVirtual(host, virtual)).toEqual(expected);
  });
});

describe('conditions that the host sets on a Service', () => {
  const condition: Condition = {
    type: 'LoadBalancerProvisioned',
    status: 'True',
    reason: 'Done',
    lastTransitionTime: 't',
    message: '',
  };
  const ready = { type: 'Ready', status: 'False', reason: 'Ours', message: 'set here', lastTransitionTime: 't' };
  const host = (...conditions: Condition[]): Service => ({
    metadata: { name: 's-x-shop-x-my-vcluster', namespace: 'vcluster-my-vcluster' },
    spec: CLUSTER,
    status: { conditions },
  });
  const virtual = (...conditions: Condition[]): Service => ({
    ...host(...conditions),
    metadata: { name: 's', namespace: 'shop' },
  });

  it('are shown in the names of the tenant, beside those that were set in the virtual cluster', () => {
    const said = {
      ...condition,
      observedGeneration: 3,
      message: 'vcluster-my-vcluster/s-x-shop-x-my-vcluster has an address',
    };
    const shown = { ...condition, message: 'shop/s has an address' };
    expect(serviceToVirtual(host(said), virtual(ready))).toEqual({
      kind: 'patch',
      changes: [{ kind: 'patch', subresource: 'status', patch: { status: { conditions: [shown, ready] } } }],
    });
    expect(serviceToVirtual(host(said), virtual(shown, ready))).toEqual({ kind: 'nothing' });
  });
});
