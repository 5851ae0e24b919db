import { ANNOTATIONS, LABELS } from '../../../lib/contract';
import { Side } from '../../../syncer/engine/side';
import { RESOURCES } from '../../../syncer/kube/resources';
import type { ClaimReference, PersistentVolume, PersistentVolumeClaim } from '../../../syncer/storage/types';
import { HandOver } from '../../../syncer/storage/volumes/hand-over';
import { claimReference } from '../../../syncer/storage/volumes/of-claim';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';
import { hostClaim, virtualClaim, volume } from './fixtures';

const { persistentVolumeClaims, persistentVolumes } = RESOURCES;
const IMPORTED = { labels: { [LABELS.imported]: 'true' }, annotations: { [ANNOTATIONS.importedUid]: 'u' } };
const helper = virtualClaim();
const heir = virtualClaim({ metadata: { name: 'restored', namespace: 'default', uid: 'heir-uid' } });
const HELD = { name: 'data-x-default-x-my-vcluster', namespace: ARTICLE.hostNamespace, uid: 'host-claim-uid' };

function handing(
  shown: PersistentVolume,
  holders: readonly PersistentVolumeClaim[] = [hostClaim({}, helper)],
  held: ClaimReference = HELD,
) {
  const virtual = new MemoryApi('virtual');
  const host = new MemoryApi('host');
  const handOver = new HandOver({
    context: ARTICLE,
    shown: new Side(virtual.cache<PersistentVolume>(persistentVolumes), virtual),
    claims: new Side(virtual.cache<PersistentVolumeClaim>(persistentVolumeClaims), virtual),
    volumes: new Side(host.cache<PersistentVolume>(persistentVolumes), host),
    claimsBoundTo: () => holders,
  });
  for (const claim of [helper, heir]) virtual.put(persistentVolumeClaims, claim);
  virtual.put(persistentVolumes, shown);
  host.put(persistentVolumes, volume('pvc-1', { claimRef: held }));
  const claimRef = () => host.peek<PersistentVolume>(persistentVolumes, 'pvc-1')?.spec.claimRef;
  return { handOver, claimRef, host };
}

describe('handing a provisioned volume to another claim', () => {
  it('names the other claim in the host’s volume, once', async () => {
    const { handOver, claimRef, host } = handing(volume('pvc-1', { claimRef: claimReference(heir) }, IMPORTED));
    expect(await handOver.reconcile('pvc-1')).toEqual({ kind: 'patched' });
    expect(claimRef()).toEqual({ name: 'restored-x-default-x-my-vcluster', namespace: ARTICLE.hostNamespace });
    expect(await handOver.reconcile('pvc-1')).toEqual({ kind: 'unchanged' });
    expect(host.writes).toHaveLength(1);
  });

  it.each<[string, PersistentVolume, readonly PersistentVolumeClaim[] | undefined]>([
    ['names the claim that has it', volume('pvc-1', { claimRef: claimReference(helper) }, IMPORTED), undefined],
    [
      'names a claim that does not exist',
      volume('pvc-1', { claimRef: { ...claimReference(heir), uid: 'x' } }, IMPORTED),
      undefined,
    ],
    ['names nothing', volume('pvc-1', {}, IMPORTED), undefined],
    ['is the tenant’s own', volume('pvc-1', { claimRef: claimReference(heir) }), undefined],
    ['bears the name of a volume of others', volume('pvc-1', { claimRef: claimReference(heir) }, IMPORTED), []],
    [
      'bears the name of a volume of a claim that only looks like ours',
      volume('pvc-1', { claimRef: claimReference(heir) }, IMPORTED),
      [{ ...hostClaim(), metadata: { ...hostClaim().metadata, ownerReferences: [] } }],
    ],
  ])('does nothing when the volume shown %s', async (_what, shown, holders) => {
    const { handOver, claimRef } = handing(shown, holders);
    expect(handOver.isUnderWay(shown)).toBe(false);
    expect(await handOver.reconcile('pvc-1')).toEqual({ kind: 'unchanged' });
    expect(claimRef()).toEqual(HELD);
  });

  it('leaves a volume alone that the host has given to somebody else under the same name', async () => {
    const theirs = { name: 'theirs', namespace: 'another-team', uid: 'their-uid' };
    const shown = volume('pvc-1', { claimRef: claimReference(heir) }, IMPORTED);
    const { handOver, claimRef } = handing(shown, undefined, theirs);
    expect(await handOver.reconcile('pvc-1')).toEqual({ kind: 'unchanged' });
    expect(claimRef()).toEqual(theirs);
  });
});
