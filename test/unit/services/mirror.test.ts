import {
  type MirrorTarget,
  mirroredService,
  mirroredServiceChanges,
  mirroredSlice,
} from '../../../syncer/services/mapping/mirror';
import type { EndpointSlice, Service, ServiceSpec } from '../../../syncer/services/types';

const target: MirrorTarget = { forTenants: true, metadata: { namespace: 'apps', name: 'db', labels: { mark: 'x' } } };
const service = (spec: ServiceSpec): Service => ({ metadata: { name: 'postgres', namespace: 'shared' }, spec });

describe('a Service that stands for another', () => {
  it.each<[string, ServiceSpec, ServiceSpec]>([
    [
      'a ClusterIP',
      { type: 'ClusterIP', clusterIP: '10.0.0.5', selector: { a: 'b' }, ports: [{ port: 5432, targetPort: 'pg' }] },
      { type: 'ClusterIP', ports: [{ port: 5432 }] },
    ],
    [
      'a load balancer',
      { type: 'LoadBalancer', loadBalancerIP: '1.2.3.4', ports: [{ name: 'a', port: 80, nodePort: 30000 }] },
      { type: 'ClusterIP', ports: [{ name: 'a', port: 80 }] },
    ],
    [
      'a headless one',
      { clusterIP: 'None', publishNotReadyAddresses: true, ports: [{ port: 1, protocol: 'UDP' }] },
      { type: 'ClusterIP', clusterIP: 'None', publishNotReadyAddresses: true, ports: [{ port: 1, protocol: 'UDP' }] },
    ],
    [
      'a name of DNS',
      { type: 'ExternalName', externalName: 'db.example.com' },
      { type: 'ExternalName', externalName: 'db.example.com' },
    ],
  ])('that is %s asks for nothing that the other has already', (_what, spec, expected) => {
    expect(mirroredService(service(spec), target)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: target.metadata,
      spec: expected,
    });
  });

  it('is left as it is while nothing differs but what the API server filled in', () => {
    const desired = mirroredService(service({ ports: [{ port: 80 }] }), target);
    const current: Service = {
      ...desired,
      spec: {
        ...desired.spec,
        clusterIP: '10.1.1.1',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      },
    };
    expect(mirroredServiceChanges(desired, current)).toEqual([]);
  });

  it('is made anew when the other becomes headless', () => {
    const current: Service = { ...service({ clusterIP: '10.1.1.1' }) };
    const desired = mirroredService(service({ clusterIP: 'None' }), target);
    expect(mirroredServiceChanges(desired, current)).toMatchObject([{ kind: 'recreate' }]);
  });
});

describe('a slice of addresses that stands for another', () => {
  const slice: EndpointSlice = {
    metadata: { name: 'postgres-abc12' },
    addressType: 'IPv4',
    endpoints: [
      {
        addresses: ['10.244.0.7'],
        conditions: { ready: true },
        nodeName: 'node-1',
        zone: 'a',
        targetRef: { kind: 'Pod', name: 'postgres-0' },
      },
    ],
    ports: [{ name: 'pg', port: 5432 }],
  };

  it('shows tenants the addresses, and neither nodes nor pods of the host', () => {
    const mirrored = mirroredSlice(slice, target);
    expect(mirrored.endpoints).toEqual([{ addresses: ['10.244.0.7'], conditions: { ready: true } }]);
    expect(mirrored.metadata).toMatchObject({
      namespace: 'apps',
      labels: {
        mark: 'x',
        'kubernetes.io/service-name': 'db',
        'endpointslice.kubernetes.io/managed-by': 'mirror.sublet.dev',
      },
    });
    expect(mirrored.metadata.name).toMatch(/^db-[0-9a-f]{10}$/);
  });

  it('keeps on the host what its networking goes by', () => {
    expect(mirroredSlice(slice, { ...target, forTenants: false }).endpoints[0]).toMatchObject({
      nodeName: 'node-1',
      zone: 'a',
    });
  });
});
