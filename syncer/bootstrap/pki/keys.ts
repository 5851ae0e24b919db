import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { bitString, type Der, nothing, objectIdentifier, sequence } from './der';

/** Makes a private key: ECDSA P-256, PKCS #8 as PEM. All of Kubernetes' components accept it, and it is made in 1 ms. */
export function createPrivateKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public half of a private key, PEM. */
export function publicKeyPem(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
}

/** The public half of a private key as certificates carry it (SubjectPublicKeyInfo). */
export function publicKeyInfo(privateKey: string): Der {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
}

/** Signs what `tbs` makes of the signature's algorithm: both together are a certificate. */
export function signCertificate(privateKey: string, tbs: (algorithm: Der) => Der): Der {
  const key = createPrivateKey(privateKey);
  const { hash, algorithm } = signatureOf(key);
  const content = tbs(algorithm);
  return sequence(content, algorithm, bitString(sign(hash, content, key)));
}

/** Whether {@link signCertificate} knows how to sign with a key: ECDSA, or RSA where an operator brought one. */
export function canSign(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa' || curveOf(key) !== undefined;
}

interface Signature {
  readonly hash: string;
  /** AlgorithmIdentifier. */
  readonly algorithm: Der;
}

/** By curve, in OpenSSL's spelling, the hash of its strength and the algorithm of both (RFC 5758). */
const ECDSA: { readonly [curve: string]: { readonly hash: string; readonly oid: string } } = {
  prime256v1: { hash: 'sha256', oid: '1.2.840.10045.4.3.2' },
  secp384r1: { hash: 'sha384', oid: '1.2.840.10045.4.3.3' },
  secp521r1: { hash: 'sha512', oid: '1.2.840.10045.4.3.4' },
};

/** RSA with SHA-256 and PKCS #1 padding (RFC 4055). */
const RSA_SHA256 = '1.2.840.113549.1.1.11';

function signatureOf(key: KeyObject): Signature {
  const curve = curveOf(key);
  if (curve !== undefined) return { hash: curve.hash, algorithm: sequence(objectIdentifier(curve.oid)) };
  return { hash: 'sha256', algorithm: sequence(objectIdentifier(RSA_SHA256), nothing()) };
}

function curveOf(key: KeyObject): { readonly hash: string; readonly oid: string } | undefined {
  return ECDSA[key.asymmetricKeyDetails?.namedCurve ?? ''];
}
