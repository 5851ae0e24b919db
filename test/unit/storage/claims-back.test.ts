import { ANNOTATIONS } from '../../../lib/contract';
import { claimBack } from '../../../syncer/storage/claims/back';
import { ARTICLE, PER_NAMESPACE } from '../engine/context';
import { type ClaimWishes, hostClaim, virtualClaim } from './fixtures';

const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const HOST_NAME = 'data-x-default-x-my-vcluster';

describe('what the host decides about a claim', () => {
  const known = (isShown = true) => ({
    classes: { kind: 'of-the-host' } as const,
    virtualVolume: (name: string) => (isShown ? name : undefined),
  });
  const back = (host: ClaimWishes, virtual: ClaimWishes = {}, isShown = true) =>
    claimBack(hostClaim(host), virtualClaim(virtual), ARTICLE, known(isShown));
  const BOUND = {
    metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'example.com/secret': 'x' } },
    spec: { volumeName: 'pvc-1', storageClassName: 'fast' },
    status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
  };

  it('is told without the name of the host namespace that its own stands for', () => {
    const conditions = [{ type: 'Resizing', status: 'True', message: 'resizing data in my-vcluster-default' }];
    const host = hostClaim({ status: { phase: 'Pending', conditions } });
    expect(claimBack(host, virtualClaim(), PER_NAMESPACE, known(false))).toContainEqual(
      expect.objectContaining({
        subresource: 'status',
        patch: {
          status: expect.objectContaining({
            conditions: [expect.objectContaining({ message: 'resizing data in default' })],
          }),
        },
      }),
    );
  });

  it('is told once the volume is shown: volume, class, annotations of binding, status', () => {
    expect(back(BOUND)).toEqual([
      {
        kind: 'patch',
        patch: {
          metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
          spec: { volumeName: 'pvc-1', storageClassName: 'fast' },
        },
      },
      { kind: 'patch', patch: { status: BOUND.status }, subresource: 'status' },
    ]);
  });

  it('is not told before the volume is shown, but for the class', () => {
    expect(back(BOUND, {}, false)).toEqual([{ kind: 'patch', patch: { spec: { storageClassName: 'fast' } } }]);
  });

  it('is told once only, and never overwrites what the tenant chose', () => {
    const virtual = {
      metadata: { name: 'data', namespace: 'default', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: { volumeName: 'mine', storageClassName: 'gold' },
      status: BOUND.status,
    };
    expect(back(BOUND, virtual)).toEqual([]);
  });

  it('tells of an expansion, and ends telling it, without names of the host', () => {
    const condition = {
      type: 'Resizing',
      status: 'True',
      message: `resizing ${HOST_NAME} in ${ARTICLE.hostNamespace}`,
    };
    const virtual = { spec: { volumeName: 'pvc-1', storageClassName: 'fast' }, status: BOUND.status };
    const metadata = { annotations: {} };
    const resizing = {
      ...BOUND,
      metadata,
      status: { ...BOUND.status, conditions: [condition], allocatedResources: { storage: '2Gi' } },
    };
    expect(back(resizing, virtual)).toEqual([
      {
        kind: 'patch',
        subresource: 'status',
        patch: {
          status: {
            conditions: [{ ...condition, message: 'resizing data in default' }],
            allocatedResources: { storage: '2Gi' },
          },
        },
      },
    ]);
    expect(back({ ...BOUND, metadata }, { ...virtual, status: resizing.status })).toEqual([
      {
        kind: 'patch',
        subresource: 'status',
        patch: { status: { conditions: null, allocatedResources: null } },
      },
    ]);
  });

  it('takes a node back that the host’s provisioner has no room on', () => {
    const metadata = { annotations: { [ANNOTATIONS.selectedNode]: 'node-1' } };
    const virtual = { metadata: { name: 'data', namespace: 'default', annotations: { [SELECTED_NODE]: 'node-1' } } };
    expect(back({ metadata }, virtual)).toEqual([
      { kind: 'patch', patch: { metadata: { annotations: { [SELECTED_NODE]: null } } } },
    ]);
  });

  it.each([
    ['1.33.13', {}],
    ['1.34.4', { currentVolumeAttributesClassName: 'gold' }],
  ])('shows attributes to a virtual cluster %s that knows them', (kubernetesVersion, expected) => {
    const context = { ...ARTICLE, config: { ...ARTICLE.config, kubernetesVersion } };
    const status = { ...BOUND.status, currentVolumeAttributesClassName: 'gold' };
    const [, change] = claimBack(hostClaim({ ...BOUND, status }), virtualClaim(), context, known());
    expect(change).toMatchObject({ patch: { status: expected } });
    expect(JSON.stringify(change).includes('gold')).toBe('currentVolumeAttributesClassName' in expected);
  });
});
