/**
 * The few forms of ASN.1 DER that certificates are made of. A library for this costs the syncer 20 MB of memory in every
 * virtual cluster, so they are written out here; whatever they make is read and verified by OpenSSL in the tests.
 */
export type Der = Buffer;

/** A list of fields. */
export const sequence = (...fields: readonly Der[]): Der => wrap(0x30, fields);

/** A set of one member, the only kind that names are made of. */
export const setOf = (member: Der): Der => wrap(0x31, [member]);

/** `[number] EXPLICIT`: a field that is told apart by its number. */
export const explicit = (number: number, content: Der): Der => wrap(0xa0 | number, [content]);

/** `[number] IMPLICIT` of a primitive: the number takes the place of the type. */
export const implicit = (number: number, content: Uint8Array): Der => wrap(0x80 | number, [content]);

/** An integer from its bytes, most significant first. It must be positive: its first bit is 0. */
export const integer = (bytes: Uint8Array): Der => wrap(0x02, [bytes]);

export const boolean = (value: boolean): Der => wrap(0x01, [Buffer.of(value ? 0xff : 0)]);

export const nothing = (): Der => wrap(0x05, []);

export const octetString = (content: Uint8Array): Der => wrap(0x04, [content]);

/** A bit string of whole bytes, of whose last byte the low `unused` bits do not count. */
export const bitString = (content: Uint8Array, unused = 0): Der => wrap(0x03, [Buffer.of(unused), content]);

export const utf8String = (text: string): Der => wrap(0x0c, [Buffer.from(text)]);

/** An object identifier in its usual spelling: `2.5.29.17`. */
export function objectIdentifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return wrap(0x06, [Buffer.of(first * 40 + second), ...rest.map(base128)]);
}

/** A point in time, in whole seconds. Years up to 2049 have a form of their own (RFC 5280, 4.1.2.5). */
export function time(date: Date): Der {
  const digits = date.toISOString().replace(/\.\d+/, '').replaceAll(/[-:T]/g, '');
  return date.getUTCFullYear() < 2050 ? wrap(0x17, [Buffer.from(digits.slice(2))]) : wrap(0x18, [Buffer.from(digits)]);
}

/** One field as it stands in DER. */
export interface DerField {
  readonly tag: number;
  readonly content: Der;
  /** The field with its tag and length. */
  readonly whole: Der;
}

/**
 * The fields that follow each other in `bytes`. Only for DER that OpenSSL has read before: lengths are not questioned.
 */
export function readFields(bytes: Der): readonly DerField[] {
  const fields: DerField[] = [];
  for (let start = 0; start + 1 < bytes.length; ) {
    const { length, headerEnd } = readLength(bytes, start + 1);
    const end = headerEnd + length;
    fields.push({
      tag: bytes[start] ?? 0,
      content: bytes.subarray(headerEnd, end),
      whole: bytes.subarray(start, end),
    });
    start = end;
  }
  return fields;
}

function readLength(bytes: Der, at: number): { readonly length: number; readonly headerEnd: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { length: first, headerEnd: at + 1 };
  const size = first & 0x7f;
  return { length: bytes.readUIntBE(at + 1, size), headerEnd: at + 1 + size };
}

function wrap(tag: number, parts: readonly Uint8Array[]): Der {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(content), content]);
}

function lengthOf({ length }: Der): Der {
  if (length < 0x80) return Buffer.of(length);
  const size = length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 3;
  const bytes = Buffer.alloc(size + 1);
  bytes[0] = 0x80 | size;
  bytes.writeUIntBE(length, 1, size);
  return bytes;
}

/** Seven bits a byte, all but the last with the high bit set. */
function base128(value: number): Der {
  const groups = [value & 0x7f];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    groups.unshift((rest & 0x7f) | 0x80);
  return Buffer.from(groups);
}
