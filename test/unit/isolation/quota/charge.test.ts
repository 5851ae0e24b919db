import { formatQuantity } from '../../../../lib/contract';
import { chargeOf } from '../../../../syncer/isolation/quota/charge';
import { RESOURCES } from '../../../../syncer/kube/resources';
import type { Resource } from '../../../../syncer/kube/types';
import type { Pod } from '../../../../syncer/pods/types';

const shown = (resource: Resource, object: object): object =>
  Object.fromEntries(
    [...chargeOf(resource, { metadata: {}, ...object })].map(([name, amount]) => [
      name,
      formatQuantity(amount, /memory|storage/.test(name) ? '1Mi' : '1'),
    ]),
  );

const container = (cpu: string, memory: string, limit?: string) => ({
  name: 'main',
  image: 'busybox',
  resources: { requests: { cpu, memory }, ...(limit && { limits: { cpu: limit } }) },
});

describe('what a pod counts for', () => {
  it.each<[string, Pod['spec'], object]>([
    [
      'the sum of its containers',
      { containers: [container('100m', '64Mi', '1'), container('200m', '64Mi', '1')] },
      { 'requests.cpu': '300m', 'requests.memory': '128Mi', 'limits.cpu': '2' },
    ],
    [
      'the largest init container, if that is more',
      { containers: [container('100m', '64Mi')], initContainers: [container('2', '32Mi'), container('1', '256Mi')] },
      { 'requests.cpu': '2', 'requests.memory': '256Mi' },
    ],
    [
      'sidecars, which run beside what comes after them',
      {
        containers: [container('100m', '64Mi')],
        initContainers: [{ ...container('50m', '16Mi'), restartPolicy: 'Always' } as never, container('200m', '16Mi')],
      },
      { 'requests.cpu': '250m', 'requests.memory': '80Mi' },
    ],
    [
      'its overhead, and limits only where it has any',
      { containers: [container('100m', '64Mi', '1')], overhead: { cpu: '50m', memory: '16Mi' } },
      { 'requests.cpu': '150m', 'requests.memory': '80Mi', 'limits.cpu': '1050m' },
    ],
    [
      'what is said of the pod as a whole',
      { containers: [container('100m', '64Mi')], resources: { requests: { cpu: '1' } } },
      { 'requests.cpu': '1', 'requests.memory': '64Mi' },
    ],
  ])('%s', (_, spec, expected) => {
    expect(shown(RESOURCES.pods, { spec })).toEqual({ pods: '1', 'count/pods': '1', ...expected });
  });

  it.each(['Succeeded', 'Failed'])('nothing but an object once it has %s', (phase) => {
    const pod = { spec: { containers: [container('1', '1Gi')] }, status: { phase } };
    expect(shown(RESOURCES.pods, pod)).toEqual({ 'count/pods': '1' });
  });
});

describe('what other objects count for', () => {
  const ports = [{ port: 80 }, { port: 443, nodePort: 30_443 }];
  it.each<[string, object, object]>([
    ['a Service of its own address', { ports }, { 'services.nodeports': '0', 'services.loadbalancers': '0' }],
    [
      'a node port for each port',
      { type: 'NodePort', ports },
      { 'services.nodeports': '2', 'services.loadbalancers': '0' },
    ],
    [
      'those of a load balancer too',
      { type: 'LoadBalancer', ports },
      { 'services.nodeports': '2', 'services.loadbalancers': '1' },
    ],
    [
      'but not those that it does without',
      { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports },
      { 'services.nodeports': '1', 'services.loadbalancers': '1' },
    ],
  ])('%s', (_, spec, expected) => {
    expect(shown(RESOURCES.services, { spec })).toEqual({ services: '1', 'count/services': '1', ...expected });
  });

  it('a claim for what it requests', () => {
    const spec = { resources: { requests: { storage: '5Gi' } } };
    expect(shown(RESOURCES.persistentVolumeClaims, { spec })).toEqual({
      persistentvolumeclaims: '1',
      'count/persistentvolumeclaims': '1',
      'requests.storage': '5Gi',
    });
  });

  it('any other for itself, by plural and group', () => {
    expect(shown(RESOURCES.configMaps, {})).toEqual({ configmaps: '1', 'count/configmaps': '1' });
    expect(shown(RESOURCES.endpointSlices, {})).toEqual({ 'count/endpointslices.discovery.k8s.io': '1' });
  });
});
