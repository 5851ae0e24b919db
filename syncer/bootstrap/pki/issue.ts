import { createHash, X509Certificate } from 'node:crypto';
import {
  type Der,
  type DerField,
  explicit,
  integer,
  objectIdentifier,
  readFields,
  sequence,
  setOf,
  time,
  utf8String,
} from './der';
import {
  authorityKeyIdentifier,
  authorityKeyUsage,
  basicConstraints,
  EXTENSIONS,
  extendedKeyUsage,
  leafKeyUsage,
  subjectAltNames,
  subjectKeyIdentifier,
} from './extensions';
import { createPrivateKeyPem, publicKeyInfo, signCertificate } from './keys';
import type { AuthorityProfile, LeafProfile } from './profiles';
import type { CertificatePair, PkiSources } from './types';

/** How long an authority is valid, in days. */
export const AUTHORITY_DAYS = 3650;

/** How long any other certificate is valid, in days. */
export const LEAF_DAYS = 365;

/** Certificates are valid from a little before they are made, because clocks of nodes differ. */
const BACKDATE_MS = 10 * 60_000;

const DAY_MS = 86_400_000;

/** Makes a self-signed authority with a new key. */
export function issueAuthority(profile: Pick<AuthorityProfile, 'commonName'>, sources: PkiSources): CertificatePair {
  const key = createPrivateKeyPem();
  const now = sources.now().getTime();
  const name = nameOf(profile);
  const cert = certificate({
    signingKey: key,
    subjectKey: key,
    issuer: name,
    subject: name,
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(now + AUTHORITY_DAYS * DAY_MS),
    serialNumber: serialNumber(sources),
    extensions: [basicConstraints(true), authorityKeyUsage(), subjectKeyIdentifier(keyIdentifier(key))],
  });
  return { cert, key };
}

/**
 * Makes a certificate that an authority signs, for a new key or for `key`.
 * It ends in a year, or with its authority when that ends sooner.
 */
export function issueLeaf(
  profile: Pick<LeafProfile, 'commonName' | 'organization' | 'usage' | 'sans'>,
  authority: CertificatePair,
  sources: PkiSources,
  key: string = createPrivateKeyPem(),
): CertificatePair {
  const issuer = new X509Certificate(authority.cert);
  const { subject, keyIdentifier: issuerKey } = authorityFields(issuer);
  const now = sources.now().getTime();
  const cert = certificate({
    signingKey: authority.key,
    subjectKey: key,
    issuer: subject,
    subject: nameOf(profile),
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(Math.min(now + LEAF_DAYS * DAY_MS, issuer.validToDate.getTime())),
    serialNumber: serialNumber(sources),
    extensions: [
      basicConstraints(false),
      leafKeyUsage(),
      extendedKeyUsage(profile.usage),
      ...(issuerKey === undefined ? [] : [authorityKeyIdentifier(issuerKey)]),
      ...(profile.sans.length === 0 ? [] : [subjectAltNames(profile.sans)]),
    ],
  });
  return { cert, key };
}

interface CertificateFields {
  readonly signingKey: string;
  readonly subjectKey: string;
  readonly issuer: Der;
  readonly subject: Der;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly serialNumber: Uint8Array;
  readonly extensions: readonly Der[];
}

/** A certificate of version 3 (RFC 5280, 4.1), PEM. */
function certificate(fields: CertificateFields): string {
  const der = signCertificate(fields.signingKey, (algorithm) =>
    sequence(
      explicit(0, integer(Buffer.of(2))),
      integer(fields.serialNumber),
      algorithm,
      fields.issuer,
      sequence(time(fields.notBefore), time(fields.notAfter)),
      fields.subject,
      publicKeyInfo(fields.subjectKey),
      explicit(3, sequence(...fields.extensions)),
    ),
  );
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function nameOf({ commonName, organization }: { commonName: string; organization?: string }): Der {
  const attribute = (oid: string, value: string) => setOf(sequence(objectIdentifier(oid), utf8String(value)));
  const group = organization === undefined ? [] : [attribute('2.5.4.10', organization)];
  return sequence(...group, attribute('2.5.4.3', commonName));
}

/** 16 random bytes, positive and without a leading zero, as RFC 5280 wants serial numbers. */
function serialNumber({ random }: PkiSources): Uint8Array {
  const bytes = random(16);
  return Uint8Array.from(bytes, (byte, index) => (index === 0 ? (byte & 0x7f) | 0x40 : byte));
}

/** SHA-256 of the public key, cut to the usual length (RFC 7093). */
function keyIdentifier(key: string): Buffer {
  return createHash('sha256').update(publicKeyInfo(key)).digest().subarray(0, 20);
}

interface AuthorityFields {
  /** The name to repeat as the issuer's, byte for byte: verifiers compare the encoded form. */
  readonly subject: Der;
  /** Absent where an operator's authority has none. */
  readonly keyIdentifier: Der | undefined;
}

function authorityFields(authority: X509Certificate): AuthorityFields {
  const [whole] = readFields(authority.raw);
  const [tbs] = readFields(whole?.content ?? Buffer.alloc(0));
  const fields = readFields(tbs?.content ?? Buffer.alloc(0));
  // version, serial number, algorithm, issuer, validity, subject
  const subject = fields[5]?.whole ?? Buffer.alloc(0);
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  const [list] = readFields(extensions?.content ?? Buffer.alloc(0));
  const identifiers = readFields(list?.content ?? Buffer.alloc(0)).map(subjectKeyIdentifierOf);
  return { subject, keyIdentifier: identifiers.find((found) => found !== undefined) };
}

function subjectKeyIdentifierOf(extension: DerField): Der | undefined {
  const parts = readFields(extension.content);
  if (!parts[0]?.whole.equals(objectIdentifier(EXTENSIONS.subjectKeyIdentifier))) return undefined;
  return readFields(parts.at(-1)?.content ?? Buffer.alloc(0))[0]?.content;
}
