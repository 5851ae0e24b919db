import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { canSign } from './keys';
import type { LeafProfile } from './profiles';
import { type San, toSan, toSans } from './sans';
import type { CertificatePair } from './types';

/** Certificates are renewed when less than this is left, in days: two start-ups in a year are then enough. */
export const RENEW_DAYS = 90;

const DAY_MS = 86_400_000;

/** What is wrong with an authority, or `undefined` when it can sign. Missing parts are the caller's business. */
export function authorityProblem(pair: CertificatePair, now: Date): string | undefined {
  const read = readPair(pair);
  if ('problem' in read) return read.problem;
  const { certificate } = read;
  if (!certificate.ca) return 'is not a certificate authority';
  if (certificate.validToDate <= now) return `expired on ${certificate.validToDate.toISOString()}`;
  if (certificate.validFromDate > now) return `is not valid before ${certificate.validFromDate.toISOString()}`;
  return undefined;
}

/** What is to happen to a certificate. */
export type LeafDecision =
  | { readonly kind: 'keep' }
  /** `keepKey`: the key is sound and its certificate alone is made anew. */
  | { readonly kind: 'issue'; readonly reason: string; readonly keepKey: boolean };

/** Decides whether a certificate can stay: it must be readable, of this authority, of this name, complete and not near its end. */
export function decideLeaf(
  pair: Partial<CertificatePair>,
  profile: LeafProfile,
  authority: CertificatePair,
  now: Date,
): LeafDecision {
  const { cert, key } = pair;
  if (cert === undefined || key === undefined) return { kind: 'issue', reason: 'is missing', keepKey: false };
  const read = readPair({ cert, key });
  if ('problem' in read) return { kind: 'issue', reason: read.problem, keepKey: false };
  const reason = leafProblem(read.certificate, profile, authority, now);
  return reason === undefined ? { kind: 'keep' } : { kind: 'issue', reason, keepKey: true };
}

/** What is wrong with a private key, or `undefined` when it can sign service-account tokens. */
export function signingKeyProblem(key: string): string | undefined {
  const parsed = readKey(key);
  if (parsed === undefined) return 'is not a private key in PEM';
  return canSign(parsed) ? undefined : `is of type ${parsed.asymmetricKeyType ?? 'unknown'}, not EC or RSA`;
}

/** The subject alternative names of a certificate. */
export function sansOf(certificate: X509Certificate): readonly San[] {
  const entries = (certificate.subjectAltName ?? '').split(', ').filter((entry) => entry !== '');
  return entries.map((entry) => toSan(entry.slice(entry.indexOf(':') + 1)));
}

/** Whether a certificate carries all of these names. An unreadable one carries none. */
export function carriesNames(cert: string, names: readonly string[]): boolean {
  const certificate = readCertificate(cert);
  if (certificate === undefined) return false;
  const spell = ({ type, value }: San) => `${type}:${value}`;
  const present = new Set(sansOf(certificate).map(spell));
  return toSans(names).every((name) => present.has(spell(name)));
}

function leafProblem(
  certificate: X509Certificate,
  profile: LeafProfile,
  authority: CertificatePair,
  now: Date,
): string | undefined {
  if (!certificate.verify(new X509Certificate(authority.cert).publicKey)) return 'is signed by another authority';
  const left = certificate.validToDate.getTime() - now.getTime();
  if (left <= 0) return `expired on ${certificate.validToDate.toISOString()}`;
  if (left < RENEW_DAYS * DAY_MS) return `expires on ${certificate.validToDate.toISOString()}`;
  if (certificate.subject !== expectedSubject(profile)) return 'is made out to another name';
  return sansProblem(certificate, profile);
}

/** The exact set counts: a name that was withdrawn must not stay valid for a year. */
function sansProblem(certificate: X509Certificate, profile: LeafProfile): string | undefined {
  const spell = ({ type, value }: San) => `${type}:${value}`;
  const wanted = new Set(toSans(profile.sans).map(spell));
  const present = new Set(sansOf(certificate).map(spell));
  const missing = [...wanted].filter((name) => !present.has(name));
  if (missing.length > 0) return `lacks ${missing.join(', ')}`;
  const surplus = [...present].filter((name) => !wanted.has(name));
  return surplus.length > 0 ? `still carries ${surplus.join(', ')}` : undefined;
}

function expectedSubject({ organization, commonName }: LeafProfile): string {
  return [...(organization === undefined ? [] : [`O=${organization}`]), `CN=${commonName}`].join('\n');
}

function readPair(pair: CertificatePair): { readonly certificate: X509Certificate } | { readonly problem: string } {
  const certificate = readCertificate(pair.cert);
  if (certificate === undefined) return { problem: 'is not a certificate in PEM' };
  const key = readKey(pair.key);
  if (key === undefined) return { problem: 'has a key that is not a private key in PEM' };
  if (!certificate.checkPrivateKey(key)) return { problem: 'does not belong to its key' };
  if (!canSign(key)) return { problem: `has a key of type ${key.asymmetricKeyType ?? 'unknown'}, not EC or RSA` };
  return { certificate };
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
