/** One key of the store. */
export interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
  /** Whether it goes by itself after a while, as events do. */
  readonly leased: boolean;
  /** Revision at which it was last written. */
  readonly revision: number;
}

/** Which keys are asked for: from `key` on, up to but without `end`, as they were at `revision`. */
export interface RangeQuery {
  readonly key: Buffer;
  readonly end: Buffer;
  readonly limit: number;
  /** 0: as they are now. */
  readonly revision: number;
  /** Whether the values are left out. @default false */
  readonly keysOnly?: boolean;
}

/** What the store answers. */
export interface RangeAnswer {
  /** Revision of the store. */
  readonly revision: number;
  readonly items: readonly KeyValue[];
  /** Whether keys are left beyond these. */
  readonly more: boolean;
}

const VARINT = 0;
const BYTES = 2;

/** `etcdserverpb.RangeRequest`. */
export function encodeRange({ key, end, limit, revision, keysOnly = false }: RangeQuery): Buffer {
  return Buffer.concat([
    bytes(1, key),
    bytes(2, end),
    number(3, limit),
    number(4, revision),
    number(8, keysOnly ? 1 : 0),
  ]);
}

/** `etcdserverpb.RangeResponse`. */
export function decodeRange(message: Buffer): RangeAnswer {
  const items: KeyValue[] = [];
  let revision = 0;
  let more = false;
  for (const [field, value] of fields(message)) {
    if (field === 1 && Buffer.isBuffer(value)) revision = numberIn(value, 3);
    else if (field === 2 && Buffer.isBuffer(value)) items.push(decodeKeyValue(value));
    else if (field === 3) more = value === 1;
  }
  return { revision, items, more };
}

/**
 * `etcdserverpb.TxnRequest` that puts a key if there is none: the one form of writing a new key that kine understands too.
 * @param lease 0 for none
 */
export function encodeCreate(key: Buffer, value: Buffer, lease: number): Buffer {
  const put = Buffer.concat([bytes(1, key), bytes(2, value), number(3, lease)]);
  return Buffer.concat([bytes(1, isAt(key, 0)), bytes(2, bytes(2, put))]);
}

/** `etcdserverpb.TxnRequest` that deletes a key if it was not written since; as with {@link encodeCreate}. */
export function encodeDelete(key: Buffer, revision: number): Buffer {
  const one = bytes(1, key);
  return Buffer.concat([bytes(1, isAt(key, revision)), bytes(2, bytes(3, one)), bytes(3, bytes(1, one))]);
}

/** `etcdserverpb.Compare` of a key's revision: the result EQUAL is 0 and left out, the target MOD is 2. */
function isAt(key: Buffer, revision: number): Buffer {
  // It must be there even where it is 0, or it is no comparison with a revision.
  return Buffer.concat([number(2, 2), bytes(3, key), Buffer.from([(6 << 3) | VARINT]), varintOf(revision)]);
}

/** Whether an `etcdserverpb.TxnResponse` says that the condition held. */
export function decodeSucceeded(message: Buffer): boolean {
  return numberIn(message, 2) === 1;
}

/** `etcdserverpb.LeaseGrantRequest`. @param id etcd takes it; kine answers with one of its own */
export function encodeLeaseGrant(seconds: number, id: number): Buffer {
  return Buffer.concat([number(1, seconds), number(2, id)]);
}

/** The id in an `etcdserverpb.LeaseGrantResponse`. */
export function decodeLeaseId(message: Buffer): number {
  return numberIn(message, 2);
}

function decodeKeyValue(message: Buffer): KeyValue {
  let key: Buffer = Buffer.alloc(0);
  let value: Buffer = Buffer.alloc(0);
  let leased = false;
  let revision = 0;
  for (const [field, content] of fields(message)) {
    if (field === 1 && Buffer.isBuffer(content)) key = content;
    else if (field === 5 && Buffer.isBuffer(content)) value = content;
    else if (field === 3 && typeof content === 'number') revision = content;
    else if (field === 6) leased = content !== 0;
  }
  return { key, value, leased, revision };
}

function numberIn(message: Buffer, wanted: number): number {
  for (const [field, value] of fields(message)) if (field === wanted && typeof value === 'number') return value;
  return 0;
}

/** Numbers beyond JavaScript's precision come as they are rounded: revisions stay far below. */
function* fields(message: Buffer): Generator<readonly [field: number, value: Buffer | number]> {
  let at = 0;
  const varint = (): number => {
    let result = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++] ?? 0;
      result += (byte & 0x7f) * factor;
      if (byte < 0x80) return result;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag & 7;
    if (type === BYTES) {
      const length = varint();
      yield [tag >> 3, message.subarray(at, at + length)];
      at += length;
    } else if (type === VARINT) yield [tag >> 3, varint()];
    else throw new Error(`the store's answer has a field of the unknown type ${type}`);
  }
}

/** A field that is a number; 0 is left out, as protobuf does. */
function number(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([(field << 3) | VARINT]), varintOf(value)]);
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | BYTES]), varintOf(value.length), value]);
}

function varintOf(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest >= 128) {
    out.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...out, rest]);
}
