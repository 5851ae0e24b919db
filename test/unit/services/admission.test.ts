import { ANNOTATIONS } from '../../../lib/contract';
import { hostMetadata } from '../../../syncer/engine/metadata';
import type { Change } from '../../../syncer/engine/types';
import { admitService, allocationPatch, decideAdmission, type HostAnswer } from '../../../syncer/services/admission';
import type { ServiceRequest } from '../../../syncer/services/admission-review';
import type { Service, ServiceSpec } from '../../../syncer/services/types';
import { ARTICLE } from '../engine/context';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const PORT = { name: 'http', port: 80, protocol: 'TCP' };
const service = (spec: ServiceSpec, metadata: object = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: { ports: [PORT], selector: { app: 'web' }, ...spec },
});
const hosted = (virtual: Service, spec: ServiceSpec, metadata: object = {}): Service => ({
  metadata: { ...hostMetadata(virtual, ARTICLE, { kindAnnotation: false }), ...metadata },
  spec: { ...virtual.spec, ...spec },
});
const request = (fields: Partial<ServiceRequest>): ServiceRequest => ({
  uid: 'r1',
  operation: 'CREATE',
  namespace: 'shop',
  ...fields,
});

describe('whether the host is asked before a Service is stored', () => {
  const plain = service({ type: 'ClusterIP' });
  it.each<[string, Partial<ServiceRequest>, 'pass' | 'allocate']>([
    ['a new Service', { object: plain }, 'allocate'],
    ['a dry run', { object: plain, dryRun: true }, 'pass'],
    ['a Service whose name comes later', { object: service({}, { name: undefined, generateName: 'web-' }) }, 'pass'],
    ['a new ExternalName', { object: service({ type: 'ExternalName' }) }, 'pass'],
    ['a headless Service', { object: service({ clusterIP: 'None' }) }, 'pass'],
    ['default/kubernetes', { object: service({}, { name: 'kubernetes' }), namespace: 'default' }, 'pass'],
    ['a deletion', { operation: 'DELETE', oldObject: plain }, 'pass'],
    ['an update', { operation: 'UPDATE', object: plain, oldObject: plain }, 'pass'],
    [
      'an ExternalName that gets an address',
      { operation: 'UPDATE', object: plain, oldObject: service({ type: 'ExternalName' }) },
      'allocate',
    ],
    [
      'an ExternalName that stays one',
      {
        operation: 'UPDATE',
        object: service({ type: 'ExternalName' }),
        oldObject: service({ type: 'ExternalName' }),
      },
      'pass',
    ],
  ])('%s', (_case, fields, expected) => {
    expect(decideAdmission(request(fields), ARTICLE, NOW).kind).toBe(expected);
  });

  it('asks for a host Service that is marked as waiting for its virtual one', () => {
    const decision = decideAdmission(request({ object: service({}, { uid: 'invented' }) }), ARTICLE, NOW);
    const annotations = decision.kind === 'allocate' ? decision.desired.metadata.annotations : undefined;
    expect(annotations).toMatchObject({ [ANNOTATIONS.pendingSince]: '2026-01-02T03:04:05.000Z' });
    expect(annotations).not.toHaveProperty(ANNOTATIONS.objectUid);
  });
});

describe('what the virtual Service gets', () => {
  it.each<[string, ServiceSpec, ServiceSpec, readonly unknown[]]>([
    ['nothing that it has', { clusterIP: '10.0.0.7' }, { clusterIP: '10.0.0.7' }, []],
    [
      'the ClusterIP',
      {},
      { clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7', 'fd00::7'] },
      [
        { op: 'add', path: '/spec/clusterIP', value: '10.0.0.7' },
        { op: 'add', path: '/spec/clusterIPs', value: ['10.0.0.7'] },
      ],
    ],
    [
      'node ports',
      { type: 'NodePort', clusterIP: '10.0.0.7' },
      { type: 'NodePort', clusterIP: '10.0.0.7', ports: [{ ...PORT, nodePort: 30001 }] },
      [{ op: 'add', path: '/spec/ports', value: [{ ...PORT, nodePort: 30001 }] }],
    ],
    [
      'the health check port',
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
      { type: 'LoadBalancer', healthCheckNodePort: 32000 },
      [{ op: 'add', path: '/spec/healthCheckNodePort', value: 32000 }],
    ],
  ])('%s', (_case, virtual, host, expected) => {
    expect(allocationPatch(service(virtual), service(host))).toEqual(expected);
  });

  it('both addresses, where the virtual cluster has both families', () => {
    const host = service({ clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7', 'fd00::7'] });
    expect(allocationPatch(service({}), host, true)[1]).toMatchObject({ value: ['10.0.0.7', 'fd00::7'] });
  });
});

describe('the answer to the API server', () => {
  const allocated = hosted(service({}), { clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'] });

  it('carries the host’s address', async () => {
    const { answer, calls } = await admit(service({}), { kind: 'done', service: allocated });
    expect(calls).toEqual(['create']);
    expect(answer).toEqual({
      uid: 'r1',
      allowed: true,
      patch: [
        { op: 'add', path: '/spec/clusterIP', value: '10.0.0.7' },
        { op: 'add', path: '/spec/clusterIPs', value: ['10.0.0.7'] },
      ],
    });
  });

  it.each([
    [
      422,
      'Service "web-x-shop-x-my-vcluster" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.7"]: failed to allocate IP 10.0.0.7: provided IP is already allocated',
      'Service "web" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.7"]: failed to allocate IP 10.0.0.7: provided IP is already allocated',
    ],
    [
      422,
      'POST /api/v1/namespaces/vcluster-my-vcluster/services: 422 Invalid: Service "web-x-shop-x-my-vcluster" is invalid: x',
      'Service "web" is invalid: x',
    ],
    [
      403,
      'services "web-x-shop-x-my-vcluster" is forbidden: exceeded quota: q, requested: services=1',
      "the platform's quota for this cluster has no room for it (asks for services=1)",
    ],
  ])('says in the host’s words, without its names, why it may not be: %d', async (status, message, said) => {
    const { answer } = await admit(service({}), { kind: 'refused', status, reason: 'Invalid', message });
    expect(answer).toMatchObject({ allowed: false, status: { code: status, message: said } });
  });

  it('tells why one that fits no quota passes without being on the host', async () => {
    const { answer } = await admit(service({}), { kind: 'noRoom', message: 'asks for 1, used 3 of 3' });
    expect(answer).toMatchObject({
      allowed: true,
      warnings: ['asks for 1, used 3 of 3', expect.stringContaining('may still change')],
    });
  });

  it.each<[string, HostAnswer]>([
    ['is unreachable', { kind: 'unreachable' }],
    ['fails', { kind: 'refused', status: 500, reason: 'InternalError', message: 'etcd' }],
    ['was changed meanwhile', { kind: 'refused', status: 409, reason: 'Conflict', message: 'modified' }],
    ['forbids us to write', { kind: 'refused', status: 403, reason: 'Forbidden', message: 'cannot create' }],
  ])('lets the Service pass with a warning where the host %s', async (_case, created) => {
    const { answer } = await admit(service({}), created);
    expect(answer).toMatchObject({ allowed: true, warnings: [expect.stringContaining('may still change')] });
  });

  it('refuses a name that is taken on the host, and touches nothing there', async () => {
    const foreign = { ...allocated, metadata: { ...allocated.metadata, ownerReferences: [] } };
    const { answer, calls } = await admit(service({}), { kind: 'exists', service: foreign });
    expect(answer).toMatchObject({ allowed: false, status: { code: 409 } });
    expect(calls).toEqual(['create']);
  });

  describe('where an earlier attempt left its host Service', () => {
    const since = { [ANNOTATIONS.pendingSince]: '2026-01-02T03:00:00Z' };
    const left = {
      ...allocated,
      metadata: { ...allocated.metadata, annotations: { ...allocated.metadata.annotations, ...since } },
    };

    it('takes it over', async () => {
      const { answer, calls } = await admit(service({}), { kind: 'exists', service: left });
      expect(calls).toEqual(['create', 'change']);
      expect(answer).toMatchObject({ allowed: true, patch: [{ value: '10.0.0.7' }, { value: ['10.0.0.7'] }] });
    });

    it('replaces it when another address is asked for', async () => {
      const { calls } = await admit(service({ clusterIP: '10.0.0.8' }), { kind: 'exists', service: left });
      expect(calls).toEqual(['create', 'replace']);
    });

    it('waits for the engine while it is being deleted', async () => {
      const going = { ...left, metadata: { ...left.metadata, deletionTimestamp: '2026-01-02T03:00:01Z' } };
      const { answer, calls } = await admit(service({}), { kind: 'exists', service: going });
      expect(calls).toEqual(['create']);
      expect(answer).toEqual({ uid: 'r1', allowed: true });
    });
  });

  it('leaves the host Service of a deleted namesake to the engine', async () => {
    const previous = hosted(service({}, { uid: 'u0' }), { clusterIP: '10.0.0.7' });
    const { answer, calls } = await admit(service({}), { kind: 'exists', service: previous });
    expect(calls).toEqual(['create']);
    expect(answer).toEqual({ uid: 'r1', allowed: true });
  });

  it('refuses to read what is no review', async () => {
    const host = { create: fail, change: fail, replace: fail };
    await expect(admitService({ request: 1 }, { context: ARTICLE, host, now: () => NOW })).rejects.toThrow();
  });
});

async function admit(object: Service, created: HostAnswer) {
  const calls: string[] = [];
  const host = {
    create: async () => {
      calls.push('create');
      return created;
    },
    change: async (existing: Service, _changes: readonly Change[]): Promise<HostAnswer> => {
      calls.push('change');
      return { kind: 'done', service: existing };
    },
    replace: async (_existing: Service, desired: Service): Promise<HostAnswer> => {
      calls.push('replace');
      return { kind: 'done', service: desired };
    },
  };
  const review = { request: request({ object }) };
  const { response } = await admitService(review, { context: ARTICLE, host, now: () => NOW });
  const { patch, patchType: _, ...rest } = response as { patch?: string; patchType?: string };
  const decoded: unknown = patch && JSON.parse(Buffer.from(patch, 'base64').toString());
  return { calls, answer: { ...rest, ...(patch && { patch: decoded }) } };
}

async function fail(): Promise<HostAnswer> {
  throw new Error('the host must not be asked');
}
