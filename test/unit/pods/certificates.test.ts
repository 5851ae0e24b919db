import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Secret } from '../../../syncer/config';
import { RESOURCES } from '../../../syncer/kube/resources';
import {
  POD_CERTIFICATE_REQUESTS,
  type PodCertificateRequest,
  requestState,
} from '../../../syncer/pods/certificates/request';
import { createSigningRequest } from '../../../syncer/pods/certificates/signing-request';
import { certificateStep } from '../../../syncer/pods/certificates/step';
import type { CertificateProjection, KeyType } from '../../../syncer/pods/certificates/wishes';
import type { Pod } from '../../../syncer/pods/types';
import { KEY, pods, secrets, syncing, TOKENS_KEY, WEB } from './syncing';

const CHAIN = '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----';
const ISSUED = { kind: 'issued', chain: CHAIN, refreshAt: 900 } as const;
const request = (status?: PodCertificateRequest['status']): PodCertificateRequest => ({
  metadata: { name: 'req-1', namespace: 'shop' },
  spec: { podName: 'web' },
  ...(status && { status }),
});

describe('a signing request', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sublet-csr-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each<KeyType>(['ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519', 'RSA3072'])(
    'is signed by its own key of type %s, as OpenSSL sees it',
    async (type) => {
      const { request: der, privateKey } = await createSigningRequest(type);
      const file = join(directory, type);
      writeFileSync(file, der);
      const verify = ['req', '-inform', 'DER', '-in', file, '-verify', '-noout', '-subject'];
      expect(execFileSync('openssl', verify, { stdio: ['ignore', 'pipe', 'pipe'] }).toString()).toMatch(
        /^subject=\s*$/m,
      );
      expect(privateKey).toContain('BEGIN PRIVATE KEY');
    },
  );
});

describe('a request for a certificate', () => {
  it.each([
    ['open', undefined, { kind: 'open' }],
    [
      'denied',
      { conditions: [{ type: 'Denied', reason: 'UnsupportedKeyType', message: 'use ED25519' }] },
      { kind: 'refused', message: 'the certificate was denied: UnsupportedKeyType use ED25519' },
    ],
    [
      'failed',
      { conditions: [{ type: 'Failed', reason: 'Broken', message: '' }] },
      { kind: 'refused', message: 'the certificate was not issued: Broken' },
    ],
    [
      'issued, without the text around certificates',
      {
        conditions: [{ type: 'Issued' }],
        certificateChain: `CA\n${CHAIN}\n`,
        beginRefreshAt: '1970-01-01T00:00:09Z',
      },
      { kind: 'issued', chain: `${CHAIN}\n`, refreshAt: 9000 },
    ],
  ])('is %s', (_, status, expected) => {
    expect(requestState(request(status))).toEqual(expected);
  });
});

describe('the next step for a certificate', () => {
  const MINUTE = 60_000;
  it.each([
    ['none yet', { refreshAt: undefined, pending: undefined, now: 0 }, { kind: 'request' }],
    ['a fresh one', { refreshAt: 100, pending: undefined, now: 99 }, { kind: 'rest', until: 100 }],
    ['one that is due', { refreshAt: 100, pending: undefined, now: 100 }, { kind: 'request' }],
    [
      'an open request',
      { refreshAt: undefined, pending: { since: 0, state: { kind: 'open' } }, now: 99 * MINUTE },
      { kind: 'wait' },
    ],
    [
      'a request that is not seen yet',
      { refreshAt: undefined, pending: { since: 0, state: undefined }, now: 9 * MINUTE },
      { kind: 'wait' },
    ],
    [
      'a request that was deleted',
      { refreshAt: undefined, pending: { since: 0, state: undefined }, now: 10 * MINUTE },
      { kind: 'request' },
    ],
    [
      'an issued one',
      { refreshAt: undefined, pending: { since: 0, state: ISSUED }, now: 1 },
      { kind: 'store', chain: CHAIN, refreshAt: 900 },
    ],
    [
      'a refused one',
      { refreshAt: 5, pending: { since: 0, state: { kind: 'refused', message: 'no' } }, now: 9 },
      { kind: 'refused', message: 'no' },
    ],
  ] as const)('with %s', (_, facts, expected) => {
    expect(certificateStep(facts)).toEqual(expected);
  });
});

describe('a pod that asks for a certificate', () => {
  const WISH: CertificateProjection = {
    signerName: 'ca.test/one',
    keyType: 'ED25519',
    credentialBundlePath: 'all.pem',
    keyPath: 'key.pem',
    maxExpirationSeconds: 7200,
  };
  const source: object = { podCertificate: WISH };

  async function placed() {
    const both = syncing();
    const volumes = [{ name: 'identity', projected: { sources: [source] } }];
    both.virtual.put<Pod>(pods, { ...WEB, spec: { ...WEB.spec, volumes } });
    await both.reconcile();
    both.onHost({ nodeName: 'worker-1' });
    await both.reconcile();
    await both.reconcile();
    const asked = () => both.virtual.keys(POD_CERTIFICATE_REQUESTS);
    const answer = (status: PodCertificateRequest['status']) => {
      const found = both.virtual.peek<PodCertificateRequest>(POD_CERTIFICATE_REQUESTS, asked().at(-1) ?? '');
      if (found === undefined) throw new Error('nothing was asked for');
      both.virtual.put<PodCertificateRequest>(POD_CERTIFICATE_REQUESTS, { ...found, ...(status && { status }) });
    };
    const issue = (beginRefreshAt: string) =>
      answer({ conditions: [{ type: 'Issued' }], certificateChain: CHAIN, beginRefreshAt });
    const file = (path: string) => {
      const items = both.hosted()?.spec.volumes?.[0]?.projected?.sources?.[0]?.secret?.items;
      const key = items?.find((item) => item.path === path)?.key ?? '';
      const text = both.host.peek<Secret>(secrets, TOKENS_KEY)?.data?.[key];
      return text === undefined ? undefined : Buffer.from(text, 'base64').toString();
    };
    return { ...both, asked, answer, issue, file };
  }

  it('has its signer asked in the name of its node, with a key that stays here', async () => {
    const { virtual, asked, file } = await placed();
    const [key = ''] = asked();
    expect(asked()).toHaveLength(1);
    expect(virtual.peek(POD_CERTIFICATE_REQUESTS, key)).toMatchObject({
      metadata: { namespace: 'shop', ownerReferences: [{ kind: 'Pod', name: 'web' }] },
      spec: {
        signerName: 'ca.test/one',
        podName: 'web',
        podUID: virtual.peek(pods, KEY)?.metadata.uid,
        serviceAccountName: 'robot',
        serviceAccountUID: virtual.peek(RESOURCES.serviceAccounts, 'shop/robot')?.metadata.uid,
        nodeName: 'worker-1',
        nodeUID: virtual.peek(RESOURCES.nodes, 'worker-1')?.metadata.uid,
        maxExpirationSeconds: 7200,
        stubPKCS10Request: expect.any(String),
      },
    });
    expect(file('all.pem')).toBeUndefined();
  });

  it('finds key and chain where it wants them, once they are there', async () => {
    const { reconcile, issue, file, asked } = await placed();
    issue('2026-01-01T12:00:00Z');
    await reconcile();
    const key = file('key.pem');
    expect(key).toContain('BEGIN PRIVATE KEY');
    expect(file('all.pem')).toBe(`${key}${CHAIN}\n`);
    await reconcile();
    expect(asked()).toHaveLength(1);
  });

  it('gets another with another key when it is due', async () => {
    const { virtual, reconcile, issue, file, asked } = await placed();
    issue('2026-01-01T12:00:00Z');
    await reconcile();
    const before = file('key.pem');
    virtual.now = Date.parse('2026-01-01T12:00:00Z');
    await reconcile();
    expect(asked()).toHaveLength(2);
    expect(file('key.pem')).toBe(before);
    issue('2026-01-02T12:00:00Z');
    await reconcile();
    expect(file('key.pem')).not.toBe(before);
  });

  it('is told what its signer refuses', async () => {
    const { reconcile, answer, refusals, file } = await placed();
    answer({ conditions: [{ type: 'Denied', reason: 'Policy', message: 'not you' }] });
    await reconcile();
    expect(refusals).toContain('the certificate was denied: Policy not you');
    expect(file('all.pem')).toBeUndefined();
  });
});
