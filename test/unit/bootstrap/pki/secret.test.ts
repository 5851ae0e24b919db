import { PKI_FILES } from '../../../../lib/contract';
import { encode, loadOrCreatePki, type PkiParts } from '../../../../syncer/bootstrap/pki/secret';
import { silentLogger } from '../../../../syncer/kube/logger';
import { ObjectApi } from '../support/object-api';
import { IDENTITY, newPki, sourcesAt } from '../support/pki';

const SECRETS = '/api/v1/namespaces/vcluster-team-a/secrets';
const SECRET = `${SECRETS}/team-a-certs`;
const partsFor = ({ client }: ObjectApi, days = 0): PkiParts => ({
  client,
  identity: IDENTITY,
  logger: silentLogger,
  ...sourcesAt(days),
});

describe('the PKI in its Secret', () => {
  it('is created in one write, along with what else was found out, and then only read', async () => {
    await using api = await ObjectApi.start();
    const made = await loadOrCreatePki(partsFor(api), async () => ({ 'service-cidr': '10.96.0.0/16' }));
    const read = await loadOrCreatePki(partsFor(api), async (stored) => ({
      'service-cidr': stored['service-cidr'] ?? '',
    }));
    expect(read).toEqual(made);
    expect(read.extras).toEqual({ 'service-cidr': '10.96.0.0/16' });
    expect(api.writes).toEqual([`POST ${SECRETS}`]);
    expect(api.objects.get(SECRET)?.metadata.labels).toEqual({ app: 'vcluster', release: 'team-a' });
  });

  it('is that of the replica that wrote first', async () => {
    await using api = await ObjectApi.start();
    const winner = newPki();
    api.intercept = ({ method }) => {
      if (method === 'POST') api.put(SECRET, { metadata: {}, data: encode(winner) });
      return undefined;
    };
    expect((await loadOrCreatePki(partsFor(api))).bundle).toEqual(winner);
  });

  it('gets renewed certificates, and keeps keys that others put there', async () => {
    await using api = await ObjectApi.start();
    api.put(SECRET, {
      metadata: { name: 'team-a-certs', namespace: 'vcluster-team-a' },
      data: encode({ ...newPki(), note: 'x' }),
    });
    const renewed = await loadOrCreatePki(partsFor(api, 300));
    expect(api.writes).toEqual([`PUT ${SECRET}`]);
    expect(api.objects.get(SECRET)?.data).toEqual(encode({ ...renewed.bundle, note: 'x' }));
  });

  it('is not touched when an authority in it is broken', async () => {
    await using api = await ObjectApi.start();
    api.put(SECRET, { metadata: {}, data: encode({ ...newPki(), [PKI_FILES.caKey]: 'rubbish' }) });
    await expect(loadOrCreatePki(partsFor(api))).rejects.toMatchObject({ code: 'PKI_INVALID' });
    expect(api.writes).toEqual([]);
  });

  it('gives up on a Secret that changes under its hands all the time', async () => {
    await using api = await ObjectApi.start();
    api.intercept = ({ method }) => (method === 'POST' ? { status: 409, body: {} } : undefined);
    await expect(loadOrCreatePki(partsFor(api))).rejects.toMatchObject({ code: 'API_CONFLICT' });
  });
});
