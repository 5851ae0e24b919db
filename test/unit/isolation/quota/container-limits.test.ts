import { type ContainerLimitsOptions, type QuotaOptions, resolveSpec } from '../../../../lib';
import type { ContainerLimits } from '../../../../lib/contract';
import { refusedByLimits, withContainerLimits } from '../../../../syncer/isolation/quota/container-limits';
import { HOSTS_HELPER } from '../../../../syncer/pods/hosts';
import type { Container, Pod } from '../../../../syncer/pods/types';

function limitsOf(limits: ContainerLimitsOptions, quota: QuotaOptions = {}): ContainerLimits {
  const { isolation } = resolveSpec({ name: 'a', isolation: { limits, quota } }).sections;
  if (isolation.level === 'off') throw new Error('it is on');
  return isolation.limits;
}

type Resources = Container['resources'];
const pod = (resources: Resources, name = 'main', ofPod?: Resources): Pod => ({
  metadata: {},
  spec: {
    containers: [{ name, image: 'busybox', ...(resources && { resources }) }],
    ...(ofPod && { resources: ofPod }),
  },
});
const filled = (given: Pod, limits: ContainerLimits): Resources =>
  withContainerLimits(given, limits).spec.containers[0]?.resources;

describe('a container that names nothing', () => {
  it.each<[string, Resources, ContainerLimits, Resources]>([
    ['stays as it is where nothing is declared', undefined, limitsOf({}), undefined],
    [
      'gets the default as limit and request',
      undefined,
      limitsOf({ default: { cpu: '1' } }),
      { limits: { cpu: '1' }, requests: { cpu: '1' } },
    ],
    [
      'gets each of the two',
      undefined,
      limitsOf({ default: { cpu: '1' }, defaultRequest: { cpu: '0.25' } }),
      { limits: { cpu: '1' }, requests: { cpu: '250m' } },
    ],
    ['gets the highest limit', undefined, limitsOf({ max: { memory: '1024Mi' } }), { limits: { memory: '1Gi' } }],
    ['gets the lowest request', undefined, limitsOf({ min: { cpu: '50m' } }), { requests: { cpu: '50m' } }],
    [
      'keeps what it names, and is limited by no less than it requests',
      { requests: { cpu: '2' } },
      limitsOf({ default: { cpu: '1', memory: '64Mi' }, defaultRequest: { memory: '32Mi' } }),
      { requests: { cpu: '2', memory: '32Mi' }, limits: { cpu: '2', memory: '64Mi' } },
    ],
    [
      'requests no more than its own limit',
      { limits: { memory: '16Mi' } },
      limitsOf({ defaultRequest: { memory: '32Mi' } }),
      { limits: { memory: '16Mi' }, requests: { memory: '16Mi' } },
    ],
    [
      'is counted where a quota counts',
      undefined,
      limitsOf({}, { requests: { cpu: '10' }, limits: { memory: '1Gi' } }),
      { requests: { cpu: '100m' }, limits: { memory: '512Mi' } },
    ],
  ])('%s', (_, given, limits, expected) => {
    expect(filled(pod(given), limits)).toEqual(expected);
  });

  it('gets nothing beside what is said of the pod as a whole', () => {
    const whole = pod(undefined, 'main', { limits: { cpu: '500m' }, requests: { cpu: '100m' } });
    expect(filled(whole, limitsOf({ default: { cpu: '1' } }))).toBeUndefined();
  });
});

it('our own helper keeps to the bounds', () => {
  const given = pod({ requests: { cpu: '10m' }, limits: { cpu: '100m', memory: '96Mi' } }, HOSTS_HELPER);
  const limits = limitsOf({ min: { cpu: '50m' }, max: { memory: '64Mi' } });
  expect(filled(given, limits)).toEqual({ requests: { cpu: '50m' }, limits: { cpu: '100m', memory: '64Mi' } });
  expect(refusedByLimits(given.spec, limits)).toBeUndefined();
});

describe('a container out of bounds is refused by field and policy', () => {
  it.each<[Resources, ContainerLimits, string]>([
    [
      { limits: { cpu: '3' } },
      limitsOf({ max: { cpu: '2' } }),
      'spec.containers[0].resources.limits.cpu: is 3, and limits.max.cpu of the IsolationPolicy 2',
    ],
    [
      { requests: { memory: '3Gi' } },
      limitsOf({ max: { memory: '2Gi' } }),
      'spec.containers[0].resources.requests.memory: is 3Gi, and limits.max.memory of the IsolationPolicy 2Gi',
    ],
    [
      { requests: { cpu: '10m' } },
      limitsOf({ min: { cpu: '50m' } }),
      'spec.containers[0].resources.requests.cpu: is 10m, and limits.min.cpu of the IsolationPolicy 50m',
    ],
  ])('%j', (resources, limits, message) => {
    expect(refusedByLimits(pod(resources).spec, limits)?.message).toBe(message);
  });

  it.each<[Resources, ContainerLimits]>([
    [{ limits: { cpu: '2' }, requests: { cpu: '50m' } }, limitsOf({ max: { cpu: '2' }, min: { cpu: '50m' } })],
    [undefined, limitsOf({ max: { cpu: '2' }, min: { cpu: '50m' } })],
  ])('%j within them is not', (resources, limits) => {
    expect(refusedByLimits(pod(resources).spec, limits)).toBeUndefined();
  });
});
