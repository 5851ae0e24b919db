import { toHostConfigMap, toHostSecret } from '../../../syncer/config';
import type { Translation } from '../../../syncer/engine/types';
import type { KubeObject } from '../../../syncer/kube/types';
import { toHostEndpointSlice } from '../../../syncer/services/endpoint-slices';
import { toHostService } from '../../../syncer/services/translate';
import type { EndpointSlice, Service } from '../../../syncer/services/types';
import { type PodDisruptionBudget, toHostBudget } from '../../../syncer/workloads/pod-disruption-budget';
import { type PriorityClass, toHostPriorityClass } from '../../../syncer/workloads/priority-class';
import { type ResourceClaim, toHostClaim } from '../../../syncer/workloads/resource-claim';
import { toHostServiceAccount } from '../../../syncer/workloads/service-account';
import { ARTICLE as ISOLATED } from '../engine/context';
import { sectionsOf } from '../engine/sections';
import { namesAmong, reachingFields } from './reach';
import { SCHEMA_VERSIONS } from './structures';

/** What isolation keeps back has tests of its own. */
const ARTICLE = { ...ISOLATED, sections: sectionsOf({ isolation: { level: 'off' } }) };

interface Kind {
  readonly kind: string;
  readonly reaching: (version: string) => readonly string[];
  /** What a tenant may say on the host. */
  readonly copied: readonly string[];
  /** Those of {@link copied} that are called like the name of another object, and name none. @default none */
  readonly harmless?: readonly string[];
}

/** What of a kind reaches the host, given an object that can be translated. */
function reaching<V extends KubeObject>(kind: string, base: V, translate: (object: V) => Translation<KubeObject>) {
  return (version: string) =>
    reachingFields(kind, version, base, (object) => {
      // Any value may stand in any field: that is what is tried here.
      const translation = translate(object as unknown as V);
      return translation.kind === 'object' ? translation.object : undefined;
    });
}

const metadata = { name: 'a', namespace: 'b', uid: 'c', generation: 1 };
const SERVICE: Service = { metadata, spec: { ports: [{ port: 1 }], selector: { a: 'b' } } };
const HEADLESS: Service = { metadata, spec: { ports: [{ port: 1 }] } };
const BUDGET: PodDisruptionBudget = {
  metadata,
  spec: { minAvailable: 1, selector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } },
};
const CLAIM: ResourceClaim = {
  metadata,
  spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'd' } }] } },
};
const SLICE: EndpointSlice = {
  metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'a' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.1.2.3'] }],
};

const under = (path: string, fields: string) => fields.split(' ').map((field) => `${path}.${field}`);
const spec = (fields: string) => under('spec', fields);
const DEVICE_REQUEST =
  'allocationMode capacity.requests count deviceClassName ' +
  'selectors.cel.expression tolerations.effect tolerations.key tolerations.operator tolerations.tolerationSeconds ' +
  'tolerations.value';

const KINDS: readonly Kind[] = [
  {
    kind: 'Service',
    reaching: reaching('Service', SERVICE, (object) => toHostService(object, ARTICLE)),
    copied: spec(
      'allocateLoadBalancerNodePorts clusterIP externalTrafficPolicy healthCheckNodePort internalTrafficPolicy ' +
        'ipFamilies ipFamilyPolicy loadBalancerClass loadBalancerSourceRanges ports.appProtocol ports.name ' +
        'ports.nodePort ports.port ports.protocol ports.targetPort publishNotReadyAddresses selector sessionAffinity ' +
        'sessionAffinityConfig.clientIP.timeoutSeconds trafficDistribution type',
    ),
    harmless: ['spec.ports.name'],
  },
  {
    kind: 'ConfigMap',
    reaching: reaching('ConfigMap', { metadata }, (object) => toHostConfigMap(object, ARTICLE)),
    copied: ['binaryData', 'data', 'immutable'],
  },
  {
    kind: 'Secret',
    reaching: reaching('Secret', { metadata }, (object) => toHostSecret(object, ARTICLE)),
    copied: ['data', 'immutable', 'type'],
  },
  {
    kind: 'ServiceAccount',
    reaching: reaching('ServiceAccount', { metadata }, (object) => toHostServiceAccount(object, ARTICLE)),
    copied: [],
  },
  {
    kind: 'PriorityClass',
    reaching: reaching<PriorityClass>('PriorityClass', { metadata: { name: 'a', uid: 'c' }, value: 1 }, (object) =>
      toHostPriorityClass(object, ARTICLE),
    ),
    copied: ['description'],
  },
  {
    kind: 'PodDisruptionBudget',
    reaching: reaching('PodDisruptionBudget', BUDGET, (object) => toHostBudget(object, ARTICLE)),
    copied: spec(
      'selector.matchExpressions.operator selector.matchExpressions.values selector.matchLabels ' +
        'unhealthyPodEvictionPolicy',
    ),
  },
  {
    kind: 'EndpointSlice',
    reaching: reaching('EndpointSlice', SLICE, (object) => toHostEndpointSlice(object, HEADLESS, ARTICLE)),
    copied: [
      'addressType',
      ...under('endpoints', 'conditions.ready conditions.serving conditions.terminating hints.forNodes.name'),
      ...under('endpoints', 'hints.forZones.name hostname nodeName zone'),
      ...under('ports', 'appProtocol name port protocol'),
    ],
    // Nodes have the same names on both sides; the others name zones, hosts in DNS and ports.
    harmless: [...under('endpoints', 'hints.forNodes.name hints.forZones.name nodeName'), 'ports.name'],
  },
  {
    kind: 'resource.ResourceClaim',
    reaching: reaching('resource.ResourceClaim', CLAIM, (object) =>
      toHostClaim(object, ARTICLE, { deviceClass: () => undefined, virtualPod: () => undefined }),
    ),
    copied: [
      ...under('spec.devices.config', 'opaque.driver opaque.parameters requests'),
      ...under('spec.devices.constraints', 'distinctAttribute matchAttribute requests'),
      ...under('spec.devices.requests.exactly', DEVICE_REQUEST),
      ...under('spec.devices.requests.firstAvailable', DEVICE_REQUEST.replace('selectors', 'name selectors')),
      'spec.devices.requests.name',
    ],
    // Names of requests and attributes. The class is checked against those that are offered.
    harmless: [
      'spec.devices.requests.exactly.deviceClassName',
      'spec.devices.requests.firstAvailable.deviceClassName',
      'spec.devices.requests.firstAvailable.name',
      'spec.devices.requests.name',
    ],
  },
];

const newest = SCHEMA_VERSIONS.at(-1) ?? '';

describe.each(KINDS)('what a tenant says in a $kind', ({ reaching: found, copied, harmless = [] }) => {
  it('reaches the host as it is where that is decided', () => {
    expect(found(newest)).toEqual(copied);
  });

  it.each(SCHEMA_VERSIONS)('reaches it nowhere else in Kubernetes %s', (version) => {
    expect(found(version).filter((path) => !copied.includes(path))).toEqual([]);
  });

  it('is no name of another object', () => {
    expect(namesAmong(copied)).toEqual(harmless);
  });
});
