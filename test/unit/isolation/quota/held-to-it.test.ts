import { ANNOTATIONS } from '../../../../lib/contract';
import { QuotaLedger } from '../../../../syncer/isolation/quota/ledger';
import { usageData } from '../../../../syncer/isolation/quota/shown-usage';
import { RESOURCES } from '../../../../syncer/kube/resources';
import { ARTICLE } from '../../engine/context';
import { configMaps, syncing as copying, WEB as MAP } from '../../engine/syncing';
import { pods, syncing, WEB } from '../../pods/syncing';

const ledgerOf = (hard: { [resource: string]: string }) => new QuotaLedger(ARTICLE, { hard });

describe('a pod that does not fit', () => {
  it('says so in its condition and by an event, and leaves nothing on the host', async () => {
    const { virtual, host, reconcile, pod, warnings } = syncing({ gate: ledgerOf({ pods: '0' }) });
    virtual.put(pods, WEB);
    expect(await reconcile()).toEqual({ kind: 'refused', reason: 'QuotaExceeded' });
    expect(pod()?.status?.conditions).toMatchObject([
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'QuotaExceeded',
        message: expect.stringContaining('quota.counts.pods'),
      },
    ]);
    expect(warnings()).toEqual(['QuotaExceeded']);
    expect([...host.keys(pods), ...host.keys(RESOURCES.secrets)]).toEqual([]);
  });

  it('gives its room back when the host refuses it', async () => {
    const ledger = ledgerOf({ pods: '1' });
    const { virtual, host, reconcile } = syncing({ gate: ledger });
    virtual.put(pods, WEB);
    host.refuse = (request) => {
      if (request.startsWith('POST pods')) throw new Error('the host is not well');
    };
    await expect(reconcile()).rejects.toThrow('the host is not well');
    expect(ledger.used.get('pods')).toBe(0n);
    host.refuse = () => undefined;
    expect(await reconcile()).toEqual({ kind: 'created' });
    expect(ledger.used.get('pods')).toBe(1_000_000_000n);
  });
});

describe('an object of another kind that does not fit', () => {
  it('has it noted on itself, until it is on the host', async () => {
    const ledger = ledgerOf({ configmaps: '1' });
    const { virtual, reconcile, copy } = copying({}, ledger);
    const other = ledger.hold(configMaps, {
      ...MAP,
      metadata: {
        ...MAP.metadata,
        name: 'other-x-shop-x-my-vcluster',
        namespace: ARTICLE.hostNamespace,
        labels: { 'vcluster.loft.sh/managed-by': ARTICLE.cluster, 'vcluster.loft.sh/namespace': 'shop' },
        annotations: {
          [ANNOTATIONS.objectName]: 'other',
          [ANNOTATIONS.objectNamespace]: 'shop',
          [ANNOTATIONS.objectUid]: 'u1',
        },
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Service', name: ARTICLE.names.controlPlane, uid: ARTICLE.ownerUid },
        ],
      },
    });
    expect(other).toBeDefined();
    virtual.put(configMaps, MAP);
    expect(await reconcile()).toEqual({ kind: 'refused', reason: 'QuotaExceeded' });
    const noted = () => virtual.peek(configMaps, 'shop/web')?.metadata.annotations?.[ANNOTATIONS.syncProblem];
    expect(noted()).toMatch(/^QuotaExceeded: .*quota\.counts\.configmaps: asks for 1, used 1 of 1/);
    expect(copy()).toBeUndefined();
    const told: string[] = [];
    ledger.onRoom(configMaps, (key) => told.push(key));
    other?.release();
    await Promise.resolve();
    expect(told).toEqual(['shop/web']);
    expect(await reconcile()).toEqual({ kind: 'created' });
    expect(noted()).toBeUndefined();
  });
});

it('tenants are shown every resource, in the form in which its limit is given', () => {
  const ledger = ledgerOf({ 'requests.memory': '2Gi', pods: '20' });
  expect(usageData(ledger)).toEqual({
    hard: 'pods: 20\nrequests.memory: 2Gi\n',
    used: 'pods: 0\nrequests.memory: 0\n',
  });
});
