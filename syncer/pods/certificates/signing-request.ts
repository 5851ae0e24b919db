import { createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { bitString, type Der, explicit, integer, nothing, objectIdentifier, sequence } from '../../bootstrap/pki/der';
import type { KeyType } from './wishes';

/** A new key and the proof that we have it. */
export interface SigningRequest {
  /** PKCS #8 as PEM. */
  readonly privateKey: string;
  /** PKCS #10 request without a subject or attributes, DER. */
  readonly request: Buffer;
}

const generate = promisify(generateKeyPair);

/** How keys of a type are made and sign (RFC 5758, 4055, 8410). */
const KEY_TYPES: { readonly [type in KeyType]: { make(): Promise<KeyObject>; hash: string | null; algorithm: Der } } = {
  RSA3072: rsa(3072),
  RSA4096: rsa(4096),
  ECDSAP256: ecdsa('P-256', 'sha256', '1.2.840.10045.4.3.2'),
  ECDSAP384: ecdsa('P-384', 'sha384', '1.2.840.10045.4.3.3'),
  ECDSAP521: ecdsa('P-521', 'sha512', '1.2.840.10045.4.3.4'),
  ED25519: {
    make: async () => (await generate('ed25519', {})).privateKey,
    hash: null,
    algorithm: sequence(objectIdentifier('1.3.101.112')),
  },
};

/** Makes a key and, as the kubelet does, an empty signing request for it. */
export async function createSigningRequest(type: KeyType): Promise<SigningRequest> {
  const { make, hash, algorithm } = KEY_TYPES[type];
  const key = await make();
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const info = sequence(integer(Buffer.of(0)), sequence(), publicKey, explicit(0, Buffer.alloc(0)));
  return {
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    request: sequence(info, algorithm, bitString(sign(hash, info, key))),
  };
}

function rsa(modulusLength: number) {
  return {
    make: async () => (await generate('rsa', { modulusLength })).privateKey,
    hash: 'sha256',
    algorithm: sequence(objectIdentifier('1.2.840.113549.1.1.11'), nothing()),
  };
}

function ecdsa(namedCurve: string, hash: string, oid: string) {
  return {
    make: async () => (await generate('ec', { namedCurve })).privateKey,
    hash,
    algorithm: sequence(objectIdentifier(oid)),
  };
}
