import { hostName } from '../../../lib/contract';
import { hostMetadata } from '../../../syncer/engine/metadata';
import { endpointSliceChanges, toHostEndpointSlice } from '../../../syncer/services/endpoint-slices';
import {
  endpointsChanges,
  isLeftByController,
  toHostEndpoints,
  translatedFor,
} from '../../../syncer/services/endpoints';
import type { EndpointSlice, Endpoints, Service } from '../../../syncer/services/types';
import { ARTICLE as ISOLATED } from '../engine/context';
import { sectionsOf } from '../engine/sections';

/** Where isolation leaves the network alone. */
const ARTICLE = { ...ISOLATED, sections: sectionsOf({ isolation: { network: { enforce: false } } }) };
const BY_HAND: Service = { metadata: { name: 'db', namespace: 'shop', uid: 's1' }, spec: { ports: [{ port: 5432 }] } };
const BY_SELECTOR: Service = { ...BY_HAND, spec: { ...BY_HAND.spec, selector: { app: 'db' } } };
const TARGET = { kind: 'Pod', name: 'db-0', namespace: 'shop', uid: 'p1', resourceVersion: '5' };
const HOST_TARGET = { kind: 'Pod', name: 'db-0-x-shop-x-my-vcluster', namespace: 'vcluster-my-vcluster' };

const ENDPOINTS: Endpoints = {
  metadata: { name: 'db', namespace: 'shop', uid: 'e1' },
  subsets: [
    {
      addresses: [{ ip: '10.1.0.5', nodeName: 'n1', targetRef: TARGET }],
      notReadyAddresses: [{ ip: '10.1.0.6', hostname: 'db-1' }],
      ports: [{ port: 5432 }],
    },
  ],
};
const slice = (labels: { [key: string]: string }, fields: object = {}): EndpointSlice => ({
  metadata: { name: 'db-abc', namespace: 'shop', uid: 'e1', labels },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.1.0.5'], conditions: { ready: true }, targetRef: TARGET }],
  ports: [{ name: '', port: 5432 }],
  ...fields,
});
const OF_DB = { 'kubernetes.io/service-name': 'db' };

describe('Services whose endpoints are copied', () => {
  it.each<[string, Service, boolean]>([
    ['without a selector', BY_HAND, true],
    ['with an empty selector', { ...BY_HAND, spec: { selector: {} } }, true],
    ['with a selector', BY_SELECTOR, false],
    ['an ExternalName', { ...BY_HAND, spec: { type: 'ExternalName' } }, false],
    ['default/kubernetes', { metadata: { name: 'kubernetes', namespace: 'default' } }, false],
  ])('%s: %s', (_case, service, expected) => {
    expect(translatedFor(service, ARTICLE)).toBe(expected);
  });
});

describe('Endpoints', () => {
  it('name the host’s pods', () => {
    expect(toHostEndpoints(ENDPOINTS, BY_HAND, ARTICLE)).toMatchObject({
      kind: 'object',
      object: {
        metadata: { name: 'db-x-shop-x-my-vcluster' },
        subsets: [
          {
            addresses: [{ ip: '10.1.0.5', nodeName: 'n1', targetRef: HOST_TARGET }],
            notReadyAddresses: [{ ip: '10.1.0.6', hostname: 'db-1' }],
            ports: [{ port: 5432 }],
          },
        ],
      },
    });
  });

  it('never carry a virtual UID or a reference to another kind', () => {
    const text = JSON.stringify(toHostEndpoints(ENDPOINTS, BY_HAND, ARTICLE));
    expect(text).not.toContain('p1');
    const secret = {
      ...ENDPOINTS,
      subsets: [{ addresses: [{ ip: '10.1.0.5', targetRef: { kind: 'Secret', name: 'x' } }] }],
    };
    expect(JSON.stringify(toHostEndpoints(secret, BY_HAND, ARTICLE))).not.toContain('Secret');
  });

  it('keep the label that spares them from being mirrored, and lose it again', () => {
    const label = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
    const labelled = toHostEndpoints(
      { ...ENDPOINTS, metadata: { ...ENDPOINTS.metadata, labels: label } },
      BY_HAND,
      ARTICLE,
    );
    const plain = toHostEndpoints(ENDPOINTS, BY_HAND, ARTICLE);
    if (labelled.kind !== 'object' || plain.kind !== 'object') throw new Error('not translated');
    expect(labelled.object.metadata.labels).toMatchObject(label);
    expect(endpointsChanges(plain.object, labelled.object)).toContainEqual({
      kind: 'patch',
      patch: { metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': null } } },
    });
  });

  it.each([
    ['wait', undefined],
    ['skip', BY_SELECTOR],
  ])('%s by their Service', (kind, service) => {
    expect(toHostEndpoints(ENDPOINTS, service, ARTICLE)).toMatchObject({ kind });
  });

  it('are refused with the field that holds a forbidden address', () => {
    const bad = { ...ENDPOINTS, subsets: [{ notReadyAddresses: [{ ip: '10.0.0.1' }, { ip: '169.254.169.254' }] }] };
    expect(toHostEndpoints(bad, BY_HAND, ARTICLE)).toEqual({
      kind: 'refused',
      reason: 'AddressForbidden',
      field: 'subsets[0].notReadyAddresses[1].ip',
      message: 'subsets[0].notReadyAddresses[1].ip: 169.254.169.254 is a link-local address',
    });
  });

  it('follow a changed address, and are quiet otherwise', () => {
    const translated = toHostEndpoints(ENDPOINTS, BY_HAND, ARTICLE);
    if (translated.kind !== 'object') throw new Error('not translated');
    expect(endpointsChanges(translated.object, translated.object)).toEqual([]);
    const current = { ...translated.object, subsets: [{ addresses: [{ ip: '10.1.0.9' }] }] };
    expect(endpointsChanges(translated.object, current)).toEqual([
      { kind: 'patch', patch: { subsets: translated.object.subsets } },
    ]);
  });
});

describe('Endpoints that the host’s controller left when a selector went away', () => {
  const hostService: Service = { metadata: hostMetadata(BY_HAND, ARTICLE, { kindAnnotation: false }) };
  const { name, namespace, labels } = hostService.metadata;
  const left: Endpoints = { metadata: { name: name ?? '', namespace: namespace ?? '', labels: labels ?? {} } };

  it.each<[string, Endpoints, Service | undefined, boolean]>([
    ['make room', left, hostService, true],
    ['of no Service of ours do not', left, undefined, false],
    ['of a foreign Service do not', left, { metadata: { ...hostService.metadata, ownerReferences: [] } }, false],
    ['with an owner do not', { metadata: { ...left.metadata, ownerReferences: [owner('x')] } }, hostService, false],
    [
      'with annotations of others do not',
      { metadata: { ...left.metadata, annotations: { a: 'b' } } },
      hostService,
      false,
    ],
    ['without our label do not', { metadata: { ...left.metadata, labels: {} } }, hostService, false],
  ])('%s', (_case, host, service, expected) => {
    expect(isLeftByController(host, service, ARTICLE)).toBe(expected);
  });
});

describe('EndpointSlices', () => {
  it('name the host’s Service and pods', () => {
    const labels = { ...OF_DB, 'endpointslice.kubernetes.io/managed-by': 'ops', tier: 'x' };
    const translated = toHostEndpointSlice(slice(labels), BY_HAND, ARTICLE);
    expect(translated).toMatchObject({
      kind: 'object',
      object: {
        metadata: {
          name: 'db-abc-x-shop-x-my-vcluster',
          labels: {
            'kubernetes.io/service-name': 'db-x-shop-x-my-vcluster',
            'endpointslice.kubernetes.io/managed-by': 'sublet.dev',
          },
        },
        endpoints: [{ addresses: ['10.1.0.5'], conditions: { ready: true }, targetRef: HOST_TARGET }],
        ports: [{ name: '', port: 5432 }],
      },
    });
  });

  it('name their Service in at most 63 characters', () => {
    const long = 'a-very-long-name-for-a-service-to-overflow-the-limit';
    const service = { ...BY_HAND, metadata: { ...BY_HAND.metadata, name: long } };
    const translated = toHostEndpointSlice(slice({ 'kubernetes.io/service-name': long }), service, ARTICLE);
    const value = translated.kind === 'object' ? translated.object.metadata.labels?.['kubernetes.io/service-name'] : '';
    expect(value).toBe(hostName(long, 'shop', 'my-vcluster'));
    expect(value?.length).toBeLessThanOrEqual(63);
  });

  it.each<[string, EndpointSlice, Service | undefined, string]>([
    ['of no Service', slice({}), BY_HAND, 'skip'],
    ['of a Service with a selector', slice(OF_DB), BY_SELECTOR, 'skip'],
    ['of a Service that is missing', slice(OF_DB), undefined, 'wait'],
    ['of names', slice(OF_DB, { addressType: 'FQDN' }), BY_HAND, 'skip'],
    ['that Kubernetes keeps', slice(managedBy('endpointslice-controller.k8s.io')), BY_HAND, 'skip'],
    ['that Kubernetes mirrors', slice(managedBy('endpointslicemirroring-controller.k8s.io')), BY_HAND, 'skip'],
    ['with a loopback address', slice(OF_DB, { endpoints: [{ addresses: ['127.0.0.1'] }] }), BY_HAND, 'refused'],
  ])('%s: %s', (_case, virtual, service, kind) => {
    expect(toHostEndpointSlice(virtual, service, ARTICLE)).toMatchObject({ kind });
  });

  it('follow changed addresses and ports, and are made anew for another address type', () => {
    const translated = toHostEndpointSlice(slice(OF_DB), BY_HAND, ARTICLE);
    if (translated.kind !== 'object') throw new Error('not translated');
    const desired = translated.object;
    expect(endpointSliceChanges(desired, desired)).toEqual([]);
    expect(endpointSliceChanges(desired, { ...desired, ports: [{ name: '', port: 1 }] })).toEqual([
      { kind: 'patch', patch: { ports: [{ name: '', port: 5432 }] } },
    ]);
    expect(endpointSliceChanges(desired, { ...desired, endpoints: [] })).toEqual([
      { kind: 'patch', patch: { endpoints: desired.endpoints } },
    ]);
    expect(endpointSliceChanges(desired, { ...desired, addressType: 'IPv6' })).toMatchObject([{ kind: 'recreate' }]);
  });
});

function managedBy(controller: string) {
  return { ...OF_DB, 'endpointslice.kubernetes.io/managed-by': controller };
}

function owner(uid: string) {
  return { apiVersion: 'v1', kind: 'Service', name: 'x', uid };
}

describe('with isolation, endpoints that a tenant keeps', () => {
  const network = {
    egress: [{ cidr: '10.0.0.0/8' }],
    hostRanges: { nodes: ['10.9.0.0/24'], pods: ['10.42.0.0/16'], services: ['10.43.0.0/16'] },
  };
  const open = { ...ISOLATED, sections: sectionsOf({ isolation: { network } }) };
  const isOwnPod = (address: string) => address === '10.42.0.7';
  const one = (ip: string): Endpoints => ({ ...ENDPOINTS, subsets: [{ addresses: [{ ip }] }] });
  const sliceOf = (ip: string) => slice(OF_DB, { endpoints: [{ addresses: [ip] }] });

  it.each<[what: string, ip: string, ctx: typeof ISOLATED, kind: 'object' | 'refused']>([
    ['a pod of this cluster', '10.42.0.7', ISOLATED, 'object'],
    ["another tenant's pod", '10.42.0.8', ISOLATED, 'refused'],
    ['a node', '10.9.0.1', ISOLATED, 'refused'],
    ['the world', '203.0.113.7', ISOLATED, 'refused'],
    ['what pods may reach', '10.200.0.1', open, 'object'],
    ["another tenant's pod, inside of what pods may reach", '10.42.0.8', open, 'refused'],
    ['a node, inside of what pods may reach', '10.9.0.1', open, 'refused'],
    ['a node, as IPv6', '::ffff:10.9.0.1', open, 'refused'],
    ['a loopback address', '127.0.0.1', open, 'refused'],
  ])('lead to %s: %s', (_what, ip, ctx, kind) => {
    expect(toHostEndpoints(one(ip), BY_HAND, ctx, isOwnPod).kind).toBe(kind);
    expect(toHostEndpointSlice(sliceOf(ip), BY_HAND, ctx, isOwnPod).kind).toBe(kind);
  });

  it('are refused with the field, and without a word about the host', () => {
    expect(toHostEndpoints(one('10.42.0.8'), BY_HAND, open, isOwnPod)).toEqual({
      kind: 'refused',
      reason: 'AddressForbidden',
      field: 'subsets[0].addresses[0].ip',
      message:
        'subsets[0].addresses[0].ip: 10.42.0.8 is no address of a pod of this cluster, nor one that isolation allows pods to reach',
    });
  });
});
