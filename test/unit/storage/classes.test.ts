import { defaultClass } from '../../../syncer/storage/classes/choose';
import { storageClassChanges, toHostStorageClass } from '../../../syncer/storage/classes/to-host';
import { capacityChanges, toVirtualCapacity, virtualCapacityKey } from '../../../syncer/storage/drivers/capacities';
import { toVirtualCsiNode } from '../../../syncer/storage/drivers/nodes';
import { ARTICLE } from '../engine/context';
import { storageClass } from './fixtures';

const created = (creationTimestamp: string) => ({
  metadata: {
    name: creationTimestamp,
    creationTimestamp,
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
});

describe('the default class', () => {
  it.each([
    ['none', [storageClass('a')], undefined],
    ['the one that is marked', [storageClass('a'), storageClass('b', true)], 'b'],
    [
      'of several the newest',
      [
        storageClass('x', true, created('2026-01-01T00:00:00Z')),
        storageClass('x', true, created('2026-02-01T00:00:00Z')),
      ],
      '2026-02-01T00:00:00Z',
    ],
    ['of equally old ones the first by name', [storageClass('b', true), storageClass('a', true)], 'a'],
  ])('is %s', (_what, classes, expected) => {
    expect(defaultClass(classes)?.metadata.name).toBe(expected);
  });
});

describe('a tenant’s storage class on the host', () => {
  const translated = (wishes = {}) => {
    const translation = toHostStorageClass(storageClass('gold', true, wishes), ARTICLE);
    if (translation.kind !== 'object') throw new Error(translation.reason);
    return translation.object;
  };

  it('has a name of its own, and is nobody’s default', () => {
    const { metadata, ...fields } = translated({
      parameters: { type: 'ssd' },
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    expect(metadata.name).toBe('vcluster-gold-x-vcluster-my-vcluster-x-my-vcluster');
    expect(Object.keys(metadata.annotations ?? {})).not.toContain('storageclass.kubernetes.io/is-default-class');
    expect(fields).toMatchObject({
      provisioner: 'example.com/disk',
      parameters: { type: 'ssd' },
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
  });

  it.each([
    'csi.storage.k8s.io/provisioner-secret-name',
    'csi.storage.k8s.io/node-stage-secret-namespace',
    'adminSecretName',
  ])('never names a Secret: %s', (key) => {
    expect(toHostStorageClass(storageClass('gold', false, { parameters: { [key]: 'x' } }), ARTICLE)).toMatchObject({
      kind: 'refused',
      reason: 'SecretRefused',
      field: `parameters["${key}"]`,
    });
  });

  it('is changed in place where Kubernetes allows that, and made anew where not', () => {
    const current = translated();
    expect(storageClassChanges(translated(), current)).toEqual([]);
    expect(storageClassChanges(translated({ allowVolumeExpansion: true }), current)).toEqual([
      { kind: 'patch', patch: { allowVolumeExpansion: true } },
    ]);
    expect(storageClassChanges(translated({ parameters: { type: 'hdd' } }), current)).toMatchObject([
      { kind: 'recreate' },
    ]);
  });
});

describe('a CSINode shown', () => {
  const host = {
    metadata: { name: 'node-1', labels: { zone: 'a', 'vcluster.loft.sh/managed-by': 'x' } },
    spec: {
      drivers: [{ name: 'disk.example.com', nodeID: 'i-0123', topologyKeys: ['zone'], allocatable: { count: 8 } }],
    },
  };
  const of = (has: boolean, selects = true) =>
    toVirtualCsiNode(
      () => has,
      () => selects,
    );

  it('tells what drivers offer, but not as which machine they know the node', () => {
    const translation = of(true).translate(host);
    expect(translation).toMatchObject({
      object: {
        metadata: { labels: { zone: 'a' } },
        spec: {
          drivers: [{ name: 'disk.example.com', nodeID: 'node-1', topologyKeys: ['zone'], allocatable: { count: 8 } }],
        },
      },
    });
    expect(JSON.stringify(translation)).not.toMatch(/i-0123|managed-by/);
  });

  it.each([
    ['its node is not', false, true],
    ['it is not selected', true, false],
  ])('is not there when %s', (_what, has, selects) => {
    expect(of(has, selects).translate(host).kind).toBe('skip');
  });

  it('is made anew when a driver comes, goes or changes', () => {
    const { changes, translate } = of(true);
    const translation = translate(host);
    if (translation.kind !== 'object') throw new Error('not shown');
    expect(changes(translation.object, translation.object)).toEqual([]);
    expect(changes({ ...translation.object, spec: { drivers: [] } }, translation.object)).toMatchObject([
      { kind: 'recreate' },
    ]);
  });
});

describe('a CSIStorageCapacity shown', () => {
  const host = {
    metadata: { name: 'csisc-1', namespace: 'drivers' },
    storageClassName: 'fast',
    capacity: '10Gi',
    nodeTopology: { matchLabels: { zone: 'a' } },
  };

  it('lies in kube-system, whatever namespace the driver has', () => {
    expect(virtualCapacityKey('drivers/csisc-1')).toBe('kube-system/csisc-1-x-drivers');
    expect(toVirtualCapacity(host, () => true)).toMatchObject({
      object: {
        metadata: { name: 'csisc-1-x-drivers', namespace: 'kube-system' },
        storageClassName: 'fast',
        capacity: '10Gi',
      },
    });
  });

  it('is there for classes only that tenants know', () => {
    expect(toVirtualCapacity(host, (name) => name !== 'fast').kind).toBe('skip');
  });

  it('follows what is left, and is made anew for another class', () => {
    expect(capacityChanges({ ...host, capacity: '9Gi' }, host)).toEqual([
      { kind: 'patch', patch: { capacity: '9Gi' } },
    ]);
    expect(capacityChanges({ ...host, storageClassName: 'slow' }, host)).toMatchObject([{ kind: 'recreate' }]);
  });
});
