import type { Pod } from '../../../syncer/pods';
import { podChanges, statusToVirtual } from '../../../syncer/pods';
import { filled, pruned } from '../schema/objects';
import { SCHEMA_VERSIONS } from '../schema/structures';
import { hostPod, translated, virtualPod } from './fixtures';
import { applyPatch } from './strategic-merge';

const PAIRS = SCHEMA_VERSIONS.flatMap((host) => SCHEMA_VERSIONS.map((virtual) => ({ host, virtual })));
const minorOf = (version: string) => Number(version.split('.')[1]);

/** What a kubelet of a version may say, with every field that the version knows. */
function fullStatus(version: string): NonNullable<Pod['status']> {
  const container = 'containerStatuses';
  return filled('PodStatus', version, {
    phase: 'Running',
    observedGeneration: 1,
    qosClass: 'Burstable',
    conditions: [{ type: 'Ready', status: 'True', observedGeneration: 1 }],
    [`${container}.name`]: 'main',
    [`${container}.volumeMounts`]: [{ ...filled('VolumeMountStatus', version), name: 'v' }],
    initContainerStatuses: [],
    ephemeralContainerStatuses: [],
  });
}

/** What an API server of a version keeps: without unknown fields, and without those whose feature is off by default. */
function kept(version: string, status: unknown): Members {
  const { allocatedResources, resources, observedGeneration, ...rest } = pruned(
    'PodStatus',
    version,
    status,
  ) as Members;
  const containers = listOf(rest.containerStatuses).map(
    ({ stopSignal: _, allocatedResourcesStatus, ...container }) => ({
      ...container,
      ...(minorOf(version) >= 36 && { allocatedResourcesStatus }),
      volumeMounts: listOf(container.volumeMounts).map(({ volumeStatus: __, ...mount }) => mount),
    }),
  );
  return {
    ...rest,
    containerStatuses: containers,
    ...(minorOf(version) >= 34 && { observedGeneration }),
    ...(minorOf(version) >= 36 && { allocatedResources, resources }),
  };
}
type Members = { readonly [field: string]: unknown };
const listOf = (value: unknown): readonly Members[] => (Array.isArray(value) ? value : []);

const VOLUMES = { volumes: [{ name: 'v', emptyDir: {} }] };

describe.each(PAIRS)('a pod of Kubernetes $virtual on a host of $host', ({ host, virtual }) => {
  const v = virtualPod({ spec: VOLUMES, status: { phase: 'Pending', qosClass: 'BestEffort' } });
  const h = hostPod(v, { status: fullStatus(host) });
  const patch = statusToVirtual(h, v, virtual);

  it('is told nothing that its API server does not know', () => {
    const { status } = patch as { readonly status: Members };
    expect(pruned('PodStatus', virtual, withoutDirectives(status))).toEqual(withoutDirectives(status));
    expect(status).toMatchObject({ phase: 'Running', containerStatuses: [{ name: 'main' }] });
    expect(status).not.toHaveProperty('qosClass');
  });

  it('has its status at rest once it was written, though the API server drops what it does not keep', () => {
    const after = applyPatch(v, patch) as Pod;
    const stored: Pod = { ...after, status: { ...kept(virtual, after.status), qosClass: 'BestEffort' } };
    expect(statusToVirtual(h, stored, virtual)).toBeUndefined();
  });

  it('is created, and at rest, though the host drops what it does not know', () => {
    const spec: object = {
      ...VOLUMES,
      ...(minorOf(virtual) >= 34 && { hostnameOverride: 'a.b', resources: { limits: { cpu: '1' } } }),
      containers: [
        {
          name: 'main',
          image: 'a',
          ...(minorOf(virtual) >= 34 && {
            restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }],
            env: [{ name: 'E', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'p', key: 'k' } } }],
          }),
        },
      ],
    };
    const desired = translated({ ...virtualPod(), spec: { ...virtualPod().spec, ...spec } });
    const current: Pod = { ...desired, spec: pruned('PodSpec', host, desired.spec) as Pod['spec'] };
    expect(podChanges(desired, current)).toEqual([]);
  });
});

/** Without what a strategic merge patch says of itself. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .filter(
        (element) =>
          !(
            typeof element === 'object' &&
            element !== null &&
            '$patch' in element &&
            Object.keys(element).length === 1
          ),
      )
      .map(withoutDirectives);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$patch')
      .map(([key, inner]) => [key, withoutDirectives(inner)]),
  );
}
