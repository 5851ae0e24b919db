import { type IsolationOptions, parseSpec, resolveSpec, SpecError } from '../../../lib';
import { markerOf } from '../../../lib/spec/markers';

function issuesOf(isolation: unknown): readonly string[] {
  try {
    parseSpec({ name: 'team-a', isolation });
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.issues.map(({ path, message }) => `${path} ${message}`);
  }
}

describe('a quota', () => {
  it('has the names of a ResourceQuota', () => {
    const isolation: IsolationOptions = {
      quota: {
        requests: { cpu: '10', storage: '100Gi' },
        limits: { memory: '40Gi' },
        counts: { pods: 20, 'services.nodeports': 0 },
        devices: { 'nvidia.com/gpu': 2 },
        objects: { 'ingresses.networking.k8s.io': 10 },
      },
    };
    expect(resolveSpec({ name: 'a', isolation }).sections.isolation).toMatchObject({
      quota: {
        hard: {
          'requests.cpu': '10',
          'requests.storage': '100Gi',
          'limits.memory': '40Gi',
          pods: '20',
          'services.nodeports': '0',
          'requests.nvidia.com/gpu': '2',
          'count/ingresses.networking.k8s.io': '10',
        },
      },
    });
  });

  it.each<[unknown, string]>([
    [{ requests: { cpu: '10 cores' } }, 'isolation.quota.requests.cpu is not valid'],
    [{ requests: { cpus: '10' } }, 'isolation.quota.requests.cpus is not a known field'],
    [{ counts: { pods: -1 } }, 'isolation.quota.counts.pods is not such a number'],
    [{ counts: { pods: '20' } }, 'isolation.quota.counts.pods is not such a number'],
    [{ devices: { gpu: 1 } }, 'isolation.quota.devices.gpu is not an extended resource'],
    [{ objects: { Ingress: 1 } }, 'isolation.quota.objects.Ingress is not the plural of a kind'],
    [{ objects: { pods: 1 } }, 'isolation.quota.objects.pods stands in counts.pods'],
  ])('%j is refused', (quota, issue) => {
    expect(issuesOf({ quota })).toEqual([issue]);
  });
});

describe('limits of containers', () => {
  it.each<[unknown, string]>([
    [{ max: { cpu: '1' }, default: { cpu: '2' } }, 'isolation.limits.default.cpu is more than max.cpu'],
    [{ min: { memory: '1Gi' }, max: { memory: '512Mi' } }, 'isolation.limits.min.memory is more than max.memory'],
    [{ max: { storage: '1Gi' } }, 'isolation.limits.max.storage is not a known field'],
    [{ default: { cpu: 1 } }, 'isolation.limits.default.cpu is not a text'],
  ])('%j are refused', (limits, issue) => {
    expect(issuesOf({ limits })).toEqual([issue]);
  });
});

describe('sizes of the control plane that come only at deployment', () => {
  const later = { resources: { requests: { cpu: markerOf(0) } } };
  const issues = (isolation: IsolationOptions) => {
    try {
      parseSpec({ name: 'team-a', controlPlane: { syncer: later }, isolation });
      return [];
    } catch (error) {
      return error instanceof SpecError ? error.issues.map(({ path }) => path) : [error];
    }
  };

  it('are refused beside a quota, which leaves room for them', () => {
    expect(issues({ quota: { counts: { pods: 1 } } })).toEqual(['controlPlane.syncer.resources.requests.cpu']);
    expect(issues({ limits: { max: { cpu: '1' } } })).toEqual(['controlPlane.syncer.resources.requests.cpu']);
    expect(issues({})).toEqual([]);
  });
});
