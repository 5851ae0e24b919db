import { isIPv4 } from 'node:net';
import { bitString, boolean, type Der, implicit, objectIdentifier, octetString, sequence } from './der';
import { toSans } from './sans';

/** Object identifiers of the extensions used (RFC 5280, 4.2.1). */
export const EXTENSIONS = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Whether the certificate may sign others. */
export function basicConstraints(authority: boolean): Der {
  return extension(EXTENSIONS.basicConstraints, true, authority ? sequence(boolean(true)) : sequence());
}

/** What an authority's key is for: signing certificates, and nothing else. */
export function authorityKeyUsage(): Der {
  return extension(EXTENSIONS.keyUsage, true, bitString(Buffer.of(0b0000_0100), 2));
}

/** What any other key is for: signing handshakes, and with RSA also encrypting their keys. */
export function leafKeyUsage(): Der {
  return extension(EXTENSIONS.keyUsage, true, bitString(Buffer.of(0b1010_0000), 5));
}

/** On which side of a connection the certificate may stand. */
export function extendedKeyUsage(usage: 'server' | 'client'): Der {
  const purpose = usage === 'server' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2';
  return extension(EXTENSIONS.extendedKeyUsage, false, sequence(objectIdentifier(purpose)));
}

export function subjectKeyIdentifier(identifier: Uint8Array): Der {
  return extension(EXTENSIONS.subjectKeyIdentifier, false, octetString(identifier));
}

/** Names the authority's key, so that a verifier picks the right one of several of the same name. */
export function authorityKeyIdentifier(identifier: Uint8Array): Der {
  return extension(EXTENSIONS.authorityKeyIdentifier, false, sequence(implicit(0, identifier)));
}

/** The names and addresses by which a server may be called. */
export function subjectAltNames(names: readonly string[]): Der {
  const entries = toSans(names).map(({ type, value }) =>
    type === 'dns' ? implicit(2, Buffer.from(value)) : implicit(7, addressBytes(value)),
  );
  return extension(EXTENSIONS.subjectAltName, false, sequence(...entries));
}

function extension(oid: string, critical: boolean, value: Der): Der {
  return sequence(objectIdentifier(oid), ...(critical ? [boolean(true)] : []), octetString(value));
}

/** The 4 or 16 bytes of an address as {@link toSans} spells it. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = withoutDots(address).split('::');
  const left = head.split(':').filter((group) => group !== '');
  const right = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const groups = [...left, ...zeros, ...right];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** `::ffff:10.0.0.1` → `::ffff:0a00:0001`. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const hex = bytes.slice(0, 4).map((byte) => Number(byte).toString(16).padStart(2, '0'));
    return `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
  });
}
