import { serviceToVirtual } from '../../../syncer/services/back';
import { isRenumbering, RENUMBERING_ANNOTATION } from '../../../syncer/services/renumber';
import { toHostService } from '../../../syncer/services/translate';
import type { Service } from '../../../syncer/services/types';
import { ARTICLE } from '../engine/context';

const VIRTUAL: Service = {
  metadata: { name: 'web', namespace: 'shop', uid: 'u1' },
  spec: {
    type: 'NodePort',
    clusterIP: '10.0.0.7',
    clusterIPs: ['10.0.0.7'],
    externalTrafficPolicy: 'Cluster',
    ports: [{ name: 'http', port: 80, nodePort: 30001 }],
    selector: { app: 'web' },
  },
};
const HOST: Service = {
  metadata: { name: 'web-x-shop-x-my-vcluster' },
  spec: {
    ...VIRTUAL.spec,
    clusterIP: '10.0.0.9',
    clusterIPs: ['10.0.0.9'],
    ports: [{ name: 'http', port: 80, nodePort: 31111 }],
  },
};
const MIDWAY: Service = {
  metadata: {
    ...VIRTUAL.metadata,
    annotations: { [RENUMBERING_ANNOTATION]: JSON.stringify(VIRTUAL.spec) },
  },
  spec: { type: 'ExternalName', externalName: 'renumbering.sublet.invalid', selector: { app: 'web' } },
};

describe('a virtual Service whose ClusterIP is not the host’s', () => {
  const back = serviceToVirtual(HOST, VIRTUAL);
  const [first, second] = back.kind === 'renumber' ? back.changes : [];

  it('passes through ExternalName, with its spec written down', () => {
    expect(back.kind).toBe('renumber');
    expect(first).toMatchObject({
      patch: {
        metadata: { annotations: { [RENUMBERING_ANNOTATION]: JSON.stringify(VIRTUAL.spec) } },
        spec: { type: 'ExternalName', clusterIP: null, ports: [{ name: 'http', port: 80 }] },
      },
    });
  });

  it('comes back with the host’s address and node ports', () => {
    expect(second).toEqual({
      kind: 'patch',
      patch: {
        metadata: { annotations: { [RENUMBERING_ANNOTATION]: null } },
        spec: {
          type: 'NodePort',
          externalName: null,
          clusterIP: '10.0.0.9',
          clusterIPs: ['10.0.0.9'],
          externalTrafficPolicy: 'Cluster',
          ports: [{ name: 'http', port: 80, nodePort: 31111 }],
        },
      },
    });
  });

  it('is finished by whoever finds it midway', () => {
    expect(isRenumbering(MIDWAY)).toBe(true);
    expect(serviceToVirtual(HOST, MIDWAY)).toEqual({ kind: 'renumber', changes: [second] });
  });

  it('keeps its host Service meanwhile', () => {
    expect(toHostService(MIDWAY, ARTICLE, VIRTUAL)).toMatchObject({
      kind: 'object',
      object: { spec: { type: 'NodePort', ports: VIRTUAL.spec?.ports } },
    });
  });

  it.each(['', 'x', '[]', '{"ports":1}', '{"ports":[null]}', '{"selector":"a"}', '{"clusterIPs":5}'])(
    'survives a tenant who writes %p into the annotation',
    (text) => {
      const forged = { ...MIDWAY, metadata: { ...MIDWAY.metadata, annotations: { [RENUMBERING_ANNOTATION]: text } } };
      expect(toHostService(forged, ARTICLE).kind).toBe('object');
      expect(serviceToVirtual(HOST, forged)).toMatchObject({ kind: 'renumber' });
    },
  );
});
