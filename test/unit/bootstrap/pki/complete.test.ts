import { createPublicKey, X509Certificate } from 'node:crypto';
import { PKI_FILES, SubletError } from '../../../../lib/contract';
import { completePki } from '../../../../syncer/bootstrap/pki/complete';
import { issueAuthority, issueLeaf } from '../../../../syncer/bootstrap/pki/issue';
import { createPrivateKeyPem } from '../../../../syncer/bootstrap/pki/keys';
import { AUTHORITIES, leafProfiles } from '../../../../syncer/bootstrap/pki/profiles';
import type { PkiFile } from '../../../../syncer/bootstrap/pki/types';
import { IDENTITY, newPki, sourcesAt } from '../support/pki';

const pki = newPki();
const changedFiles = (stored: { readonly [file: string]: string }, days = 0, identity = IDENTITY) =>
  completePki(stored, identity, sourcesAt(days)).changes.map(({ file }) => file);
const leaves = leafProfiles(IDENTITY).map(({ cert }) => cert);

describe('a new PKI', () => {
  it('has every file, and a key that signs tokens with its public half', () => {
    expect(Object.keys(pki).sort()).toEqual(Object.values(PKI_FILES).sort());
    expect(Object.values(pki).every((text) => text.startsWith('-----BEGIN '))).toBe(true);
    const derived = createPublicKey(pki[PKI_FILES.serviceAccountKey]).export({ type: 'spki', format: 'pem' });
    expect(pki[PKI_FILES.serviceAccountPublicKey]).toBe(derived);
  });

  it('is made in an instant', () => {
    const start = performance.now();
    newPki();
    expect(performance.now() - start).toBeLessThan(300);
  });

  it('lets the front proxy’s authority sign its client alone', () => {
    const authority = new X509Certificate(pki[PKI_FILES.frontProxyCaCert]);
    const signed = leaves.filter((file) => new X509Certificate(pki[file]).verify(authority.publicKey));
    expect(signed).toEqual([PKI_FILES.frontProxyClientCert]);
  });
});

describe('a PKI that is there', () => {
  it('stays as it is while nothing is wrong with it', () => {
    expect(completePki(pki, IDENTITY, sourcesAt(270))).toEqual({ bundle: pki, changes: [] });
  });

  it('gets new certificates, for the same keys, 90 days before the old ones end', () => {
    const { bundle, changes } = completePki(pki, IDENTITY, sourcesAt(280));
    expect(changes.map(({ file }) => file)).toEqual(leaves);
    expect(bundle[PKI_FILES.adminKey]).toBe(pki[PKI_FILES.adminKey]);
    expect(bundle[PKI_FILES.caCert]).toBe(pki[PKI_FILES.caCert]);
  });

  it('follows names that are added and names that are withdrawn', () => {
    expect(changedFiles(pki, 0, { ...IDENTITY, extraSans: ['other.example.com'] })).toEqual([PKI_FILES.apiServerCert]);
    const moved = changedFiles(pki, 0, { ...IDENTITY, serviceIps: ['10.96.9.9'] });
    expect(moved).toEqual([PKI_FILES.apiServerCert, PKI_FILES.kubeletServingCert]);
  });

  const foreign = issueLeaf(
    { commonName: 'kubernetes-admin', organization: 'system:masters', usage: 'client', sans: [] },
    issueAuthority(AUTHORITIES.cluster, sourcesAt()),
    sourcesAt(),
    pki[PKI_FILES.adminKey],
  );
  it.each<[string, { readonly [file: string]: string }]>([
    ['is no certificate', { [PKI_FILES.adminCert]: 'rubbish' }],
    ['has a broken key', { [PKI_FILES.adminKey]: 'rubbish' }],
    ['does not belong to its key', { [PKI_FILES.adminKey]: createPrivateKeyPem() }],
    ['is made out to another name', { [PKI_FILES.adminCert]: pki[PKI_FILES.syncerCert] }],
    ['is of another authority', { [PKI_FILES.adminCert]: foreign.cert }],
  ])('gets a new certificate for one that %s', (_, damage) => {
    expect(changedFiles({ ...pki, ...damage })).toEqual([PKI_FILES.adminCert]);
  });

  it('gets a certificate that is missing, and the public half of the token key', () => {
    const { [PKI_FILES.adminCert]: _, [PKI_FILES.serviceAccountPublicKey]: __, ...rest } = pki;
    expect(changedFiles(rest)).toEqual([PKI_FILES.serviceAccountPublicKey, PKI_FILES.adminCert]);
  });

  it('keeps further public keys, so that tokens of a former key stay valid', () => {
    const both = `${pki[PKI_FILES.serviceAccountPublicKey]}${createPublicKeyOf(createPrivateKeyPem())}`;
    expect(changedFiles({ ...pki, [PKI_FILES.serviceAccountPublicKey]: both })).toEqual([]);
  });
});

describe('an authority', () => {
  const expired = 3651;
  it.each<[string, PkiFile, { readonly [file: string]: string | undefined }, number]>([
    ['is missing', PKI_FILES.caCert, { [PKI_FILES.caCert]: undefined, [PKI_FILES.caKey]: undefined }, 0],
    ['is missing', PKI_FILES.caKey, { [PKI_FILES.caKey]: undefined }, 0],
    ['is missing', PKI_FILES.serviceAccountKey, { [PKI_FILES.serviceAccountKey]: undefined }, 0],
    ['is not a certificate in PEM', PKI_FILES.caCert, { [PKI_FILES.caCert]: 'rubbish' }, 0],
    ['has a key that is not a private key', PKI_FILES.caCert, { [PKI_FILES.caKey]: 'rubbish' }, 0],
    ['does not belong to its key', PKI_FILES.caCert, { [PKI_FILES.caKey]: pki[PKI_FILES.frontProxyCaKey] }, 0],
    ['is not a private key', PKI_FILES.serviceAccountKey, { [PKI_FILES.serviceAccountKey]: 'rubbish' }, 0],
    [
      'is not a certificate authority',
      PKI_FILES.frontProxyCaCert,
      { [PKI_FILES.frontProxyCaCert]: pki[PKI_FILES.adminCert], [PKI_FILES.frontProxyCaKey]: pki[PKI_FILES.adminKey] },
      0,
    ],
    ['expired on 2040', PKI_FILES.caCert, {}, expired],
    ['is not valid before', PKI_FILES.caCert, {}, -1],
  ])('that %s is reported and never replaced (%s)', (problem, file, damage, days) => {
    const stored = Object.fromEntries(Object.entries({ ...pki, ...damage }).filter(isPresent));
    const complete = () => completePki(stored, IDENTITY, sourcesAt(days));
    expect(complete).toThrow(SubletError);
    expect(complete).toThrow(expect.objectContaining({ code: 'PKI_INVALID' }));
    expect(complete).toThrow(`${file} ${problem}`);
  });

  it('of an operator’s own is used, and everything else made', () => {
    const own = { [PKI_FILES.caCert]: pki[PKI_FILES.caCert], [PKI_FILES.caKey]: pki[PKI_FILES.caKey] };
    const { bundle } = completePki(own, IDENTITY, sourcesAt());
    expect(bundle[PKI_FILES.caKey]).toBe(pki[PKI_FILES.caKey]);
    expect(new X509Certificate(bundle[PKI_FILES.adminCert]).verify(new X509Certificate(own['ca.crt']).publicKey)).toBe(
      true,
    );
  });
});

function isPresent(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

function createPublicKeyOf(key: string): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}
