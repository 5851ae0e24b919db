import { ensureKubeconfigSecret, type KubeconfigSecretParts } from '../../../syncer/bootstrap';
import { ObjectApi } from './support/object-api';

const SECRETS = '/api/v1/namespaces/ns/secrets';
const SECRET = `${SECRETS}/vc-team-a`;
const parts: KubeconfigSecretParts = {
  cluster: 'team-a',
  hostNamespace: 'ns',
  ownerUid: 'service-uid',
  server: 'https://team-a.ns.svc',
  bundle: { 'ca.crt': 'CA', 'admin.crt': 'CERT', 'admin.key': 'KEY' },
};

describe('the Secret with the tenant’s kubeconfig', () => {
  it('has the name, keys, labels and owner that its readers know', async () => {
    await using api = await ObjectApi.start();
    expect(await ensureKubeconfigSecret(api.client, parts)).toBe('created');
    expect(api.objects.get(SECRET)).toMatchObject({
      metadata: {
        labels: { app: 'vcluster', release: 'team-a', 'vcluster-name': 'team-a' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name: 'team-a', uid: 'service-uid', controller: false }],
      },
      data: {
        config: expect.any(String),
        'certificate-authority': Buffer.from('CA').toString('base64'),
        'client-certificate': Buffer.from('CERT').toString('base64'),
        'client-key': Buffer.from('KEY').toString('base64'),
      },
    });
  });

  it('is written only when it differs, and keeps what others added', async () => {
    await using api = await ObjectApi.start();
    await ensureKubeconfigSecret(api.client, parts);
    const stored = api.objects.get(SECRET);
    api.put(SECRET, {
      ...stored,
      metadata: { ...stored?.metadata, labels: { ...stored?.metadata.labels, theirs: 'x' } },
      data: { ...Object(stored?.data), extra: 'eA==' },
    });
    expect(await ensureKubeconfigSecret(api.client, parts)).toBe('unchanged');
    expect(await ensureKubeconfigSecret(api.client, { ...parts, server: 'https://elsewhere' })).toBe('updated');
    expect(api.objects.get(SECRET)).toMatchObject({ metadata: { labels: { theirs: 'x' } }, data: { extra: 'eA==' } });
    expect(api.writes).toEqual([`POST ${SECRETS}`, `PUT ${SECRET}`]);
  });

  it('follows a Service that was made anew, whose end must not be the Secret’s', async () => {
    await using api = await ObjectApi.start();
    await ensureKubeconfigSecret(api.client, parts);
    await ensureKubeconfigSecret(api.client, { ...parts, ownerUid: 'next-uid' });
    expect(api.objects.get(SECRET)?.metadata.ownerReferences).toEqual([expect.objectContaining({ uid: 'next-uid' })]);
  });

  it('never replaces somebody else’s', async () => {
    await using api = await ObjectApi.start();
    api.put(SECRET, { metadata: { name: 'vc-team-a' }, data: {} });
    await expect(ensureKubeconfigSecret(api.client, parts)).rejects.toMatchObject({ code: 'OWNERSHIP_CONFLICT' });
    expect(api.writes).toEqual([]);
  });
});
