import type { LimitRange, ResourceQuota } from 'kubernetes-types/core/v1';
import { generate, type IsolationOptions, resolveSpec, type VirtualClusterOptions } from '../../../lib';

const rendered = (isolation: IsolationOptions, others: VirtualClusterOptions = {}) =>
  generate(resolveSpec({ name: 'team-a', isolation, ...others }));
const quotaOf = (...declared: Parameters<typeof rendered>): ResourceQuota | undefined =>
  rendered(...declared).find(({ slot }) => slot === 'isolation/resource-quota')?.object as ResourceQuota | undefined;
const rangeOf = (...declared: Parameters<typeof rendered>): LimitRange | undefined =>
  rendered(...declared).find(({ slot }) => slot === 'isolation/limit-range')?.object as LimitRange | undefined;

const LIMITS = { limits: { cpu: '1', memory: '1Gi' } };
const LIMITED: VirtualClusterOptions = {
  controlPlane: {
    apiServer: { resources: LIMITS },
    controllerManager: { resources: LIMITS },
    syncer: { resources: LIMITS },
  },
  store: { kind: 'sqlite', resources: LIMITS },
};

describe('the ResourceQuota on the host', () => {
  it('has room for the control plane beside what the tenant may hold', () => {
    const quota = quotaOf({
      quota: {
        requests: { cpu: '10', memory: '20Gi', storage: '100Gi' },
        counts: { pods: 20, persistentvolumeclaims: 3, 'services.nodeports': 0, 'services.loadbalancers': 1 },
      },
    });
    expect(quota?.spec?.hard).toEqual({
      // 50m of the API server, 20m each of the syncer and the controllers, 10m of kine.
      'requests.cpu': '10100m',
      // 256Mi, 96Mi, 64Mi and 48Mi.
      'requests.memory': '20944Mi',
      'requests.storage': '105Gi',
      pods: '21',
      persistentvolumeclaims: '4',
      // For an endpoint, which may be declared elsewhere.
      'services.nodeports': '1',
      'services.loadbalancers': '2',
    });
  });

  it('leaves out what the control plane has as much of as there are nodes and pods', () => {
    const counts = { services: 1, secrets: 1, configmaps: 1 };
    expect(quotaOf({ quota: { counts, objects: { endpoints: 4 } } })).toBeUndefined();
  });

  it('covers limits only where every container of the control plane has them: its pod must start', () => {
    const quota = { requests: { cpu: '1' }, limits: { cpu: '2', memory: '2Gi' } };
    expect(Object.keys(quotaOf({ quota })?.spec?.hard ?? {})).toEqual(['requests.cpu']);
    expect(quotaOf({ quota }, LIMITED)?.spec?.hard).toMatchObject({ 'limits.cpu': '6', 'limits.memory': '6Gi' });
  });

  it.each<[string, IsolationOptions, VirtualClusterOptions]>([
    ['nothing is limited', {}, {}],
    ['isolation is off', { level: 'off' }, {}],
    ['the namespace may be that of others too', { quota: { counts: { pods: 1 } } }, { createNamespace: false }],
  ])('is not there where %s', (_, isolation, others) => {
    expect(quotaOf(isolation, others)).toBeUndefined();
  });
});

describe('the LimitRange on the host', () => {
  it('has only bounds that the control plane keeps by itself', () => {
    const limits = { max: { cpu: '2', memory: '512Mi' }, min: { cpu: '10m', memory: '64Mi' } };
    expect(rangeOf({ limits })?.spec?.limits).toEqual([{ type: 'Container', min: { cpu: '10m' } }]);
    expect(rangeOf({ limits }, LIMITED)?.spec?.limits).toEqual([
      { type: 'Container', max: { cpu: '2' }, min: { cpu: '10m' } },
    ]);
  });

  it('fills in no default, and is not there without a bound', () => {
    expect(rangeOf({ limits: { default: { cpu: '1' }, defaultRequest: { cpu: '100m' } } })).toBeUndefined();
  });
});
