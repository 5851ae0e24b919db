import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { Container } from 'kubernetes-types/core/v1';
import { generate, resolveSpec, type VirtualClusterOptions, type VirtualClusterSpec } from '../../../lib';
import { RESERVED_FLAGS } from '../../../lib/spec/reserved-flags';
import { minimal, specs } from './specs';

function statefulSetOf(spec: VirtualClusterSpec): StatefulSet {
  return generate(resolveSpec(spec)).find(({ slot }) => slot === 'control-plane/statefulset')?.object as StatefulSet;
}

const podSpec = statefulSetOf(minimal).spec?.template.spec;
const containers: readonly Container[] = [...(podSpec?.initContainers ?? []), ...(podSpec?.containers ?? [])];
const flagsOf = (name: string): readonly string[] =>
  (containers.find((one) => one.name === name)?.args ?? []).map((arg) => arg.replace(/^--/, '').replace(/=.*$/s, ''));

describe('the control-plane pod', () => {
  it('prepares first, and then starts what depends on nothing but the preparation', () => {
    expect(podSpec?.initContainers?.map(({ name }) => name)).toEqual(['init']);
    expect(podSpec?.containers.map(({ name }) => name)).toEqual([
      'kine',
      'kube-apiserver',
      'syncer',
      'kube-controller-manager',
    ]);
  });

  it('meets the Pod Security Standard "restricted"', () => {
    expect(podSpec?.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect([podSpec?.hostNetwork, podSpec?.hostPID, podSpec?.hostIPC]).toEqual([undefined, undefined, undefined]);
    for (const { securityContext } of containers) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(securityContext?.capabilities?.add ?? []).toEqual(
        securityContext?.capabilities?.add === undefined ? [] : ['NET_BIND_SERVICE'],
      );
    }
    const kinds = podSpec?.volumes?.map(({ name, ...source }) => Object.keys(source).join());
    expect(new Set(kinds)).toEqual(new Set(['emptyDir', 'projected']));
  });

  it.each([
    ['the host token', 'host-token', ['init', 'syncer']],
    ['the store', 'data', ['kine']],
    ['the sockets', 'sockets', ['kine', 'kube-apiserver', 'syncer']],
    ['the keys', 'pki', ['init', 'kube-apiserver', 'syncer', 'kube-controller-manager']],
  ])('shows %s to those that need it', (_what, volume, names) => {
    const mounting = containers.filter(({ volumeMounts = [] }) => volumeMounts.some(({ name }) => name === volume));
    expect(mounting.map(({ name }) => name)).toEqual(names);
  });

  it('lets only init and syncer write keys, and gives nobody the ServiceAccount by default', () => {
    const writing = containers.filter(({ volumeMounts = [] }) =>
      volumeMounts.some(({ name, readOnly }) => name === 'pki' && readOnly !== true),
    );
    expect(writing.map(({ name }) => name)).toEqual(['init', 'syncer']);
    expect(podSpec?.automountServiceAccountToken).toBe(false);
  });

  it('mounts only volumes that there are', () => {
    for (const [, spec] of specs) {
      const { template, volumeClaimTemplates = [] } = statefulSetOf(spec).spec ?? {};
      const volumes = (template?.spec?.volumes ?? []).map(({ name }) => name);
      const claims = volumeClaimTemplates.map(({ metadata }) => metadata?.name);
      const known = new Set([...volumes, ...claims]);
      const all = [...(template?.spec?.initContainers ?? []), ...(template?.spec?.containers ?? [])];
      const mounted = all.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
      expect(mounted.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it.each([
    ['kube-apiserver', RESERVED_FLAGS.apiServer, []],
    ['kube-controller-manager', RESERVED_FLAGS.controllerManager, ['kube-api-qps', 'kube-api-burst']],
  ] as const)('sets no flag of %s that a declaration could set again but its defaults', (name, reserved, defaults) => {
    const flags = flagsOf(name);
    expect(flags.length).toBeGreaterThan(5);
    expect(flags.filter((flag) => !(reserved as readonly string[]).includes(flag))).toEqual(defaults);
    expect(new Set(flags).size).toBe(flags.length);
  });
});

describe('an upgrade', () => {
  /** What Kubernetes never changes in a StatefulSet: everything but these fields. */
  const MUTABLE = [
    'replicas',
    'template',
    'updateStrategy',
    'persistentVolumeClaimRetentionPolicy',
    'minReadySeconds',
    'ordinals',
    'revisionHistoryLimit',
  ];
  const immutableOf = (spec: VirtualClusterSpec) =>
    Object.entries(statefulSetOf(spec).spec ?? {}).filter(([field]) => !MUTABLE.includes(field));

  it.each<[string, VirtualClusterOptions]>([
    ['of Kubernetes', { kubernetes: { version: '1.33' } }],
    ['of the syncer', { images: { syncer: 'ghcr.io/sublet/syncer:9.9.9' } }],
    ['to another registry', { images: { registry: 'registry.example.com' } }],
    ['that changes the pod', { controlPlane: { podAnnotations: { a: 'b' }, extraSans: ['a.b'] } }],
    [
      'that changes what happens to the volume at the end',
      { store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', whenDeleted: 'delete' } } },
    ],
  ])('%s changes nothing that cannot be changed', (_what, change) => {
    expect(immutableOf({ name: minimal.name, ...change })).toEqual(immutableOf(minimal));
  });

  it('keeps the selectors of the Services', () => {
    const selectors = (spec: VirtualClusterSpec) =>
      generate(resolveSpec(spec)).flatMap(({ object }) => (object.kind === 'Service' ? [object.spec] : []));
    expect(selectors({ ...minimal, kubernetes: { version: '1.33' } })).toEqual(selectors(minimal));
  });
});
