import { type Edns, type Message, type Question, type RecordData, type ResourceRecord, TYPE } from './message';

/** The outcome of reading bytes that anybody may have sent. */
export type Reading =
  | { readonly kind: 'message'; readonly message: Message }
  /** `id`: of the query, where its header can be read and it is one, so that it can be told. */
  | { readonly kind: 'malformed'; readonly id?: number };

/** Reads one message (RFC 1035, section 4). Whatever the bytes are, it ends soon and throws nothing. */
export function readMessage(bytes: Uint8Array): Reading {
  try {
    return { kind: 'message', message: new Reader(bytes).message() };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const isQuery = bytes.length >= HEADER_BYTES && ((bytes[2] ?? 0) & 0x80) === 0;
    return { kind: 'malformed', ...(isQuery && { id: ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0) }) };
  }
}

const HEADER_BYTES = 12;
const MAX_NAME_BYTES = 255;

/** Reads forward. Every read beyond the end is a RangeError, that of DataView or the same by hand. */
class Reader {
  readonly #view: DataView;
  #offset = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  message(): Message {
    const [id, flags] = [this.#u16(), this.#u16()];
    const counts = [this.#u16(), this.#u16(), this.#u16(), this.#u16()] as const;
    const questions = times(counts[0], () => this.#question());
    const answers = times(counts[1], () => this.#record());
    const authorities = times(counts[2], () => this.#record());
    const extra = times(counts[3], () => this.#record());
    const options = extra.filter(({ type }) => type === TYPE.OPT);
    if (options.length > 1) throw new RangeError('more than one OPT record');
    const [option] = options;
    const edns = option && ednsOf(option);
    return {
      id,
      isResponse: (flags & 0x8000) !== 0,
      opcode: (flags >> 11) & 15,
      authoritative: (flags & 0x0400) !== 0,
      truncated: (flags & 0x0200) !== 0,
      recursionDesired: (flags & 0x0100) !== 0,
      recursionAvailable: (flags & 0x0080) !== 0,
      rcode: (flags & 15) | (option === undefined ? 0 : (option.ttl >>> 24) << 4),
      questions,
      answers,
      authorities,
      additionals: extra.filter(({ type }) => type !== TYPE.OPT),
      ...(edns !== undefined && { edns }),
    };
  }

  #question(): Question {
    return { name: this.#name(), type: this.#u16(), class: this.#u16() };
  }

  #record(): ResourceRecord {
    const name = this.#name();
    const [type, recordClass, ttl, length] = [this.#u16(), this.#u16(), this.#u32(), this.#u16()];
    const end = this.#offset + length;
    if (end > this.bytes.length) throw new RangeError('a record is longer than its message');
    const data = this.#data(type, length);
    if (this.#offset !== end) throw new RangeError('the content of a record is not as long as it says');
    return { name, type, class: recordClass, ttl, data };
  }

  #data(type: number, length: number): RecordData {
    switch (type) {
      case TYPE.NS:
      case TYPE.CNAME:
      case TYPE.PTR:
      case TYPE.DNAME:
        return { kind: 'name', name: this.#name() };
      case TYPE.MX:
        return { kind: 'mx', preference: this.#u16(), name: this.#name() };
      case TYPE.SRV:
        return { kind: 'srv', priority: this.#u16(), weight: this.#u16(), port: this.#u16(), name: this.#name() };
      case TYPE.SOA:
        return {
          kind: 'soa',
          primary: this.#name(),
          mailbox: this.#name(),
          serial: this.#u32(),
          refresh: this.#u32(),
          retry: this.#u32(),
          expire: this.#u32(),
          minimum: this.#u32(),
        };
      default:
        this.#offset += length;
        return { kind: 'raw', bytes: this.bytes.slice(this.#offset - length, this.#offset) };
    }
  }

  /** A name may end in a pointer to an earlier one. Each pointer must lead further back, so that none leads in a circle. */
  #name(): string {
    const labels: string[] = [];
    let at = this.#offset;
    let end: number | undefined;
    let size = 1;
    for (;;) {
      const length = this.#view.getUint8(at);
      if (length >= 0xc0) {
        const target = this.#view.getUint16(at) & 0x3fff;
        end ??= at + 2;
        if (target >= at) throw new RangeError('a pointer does not lead back');
        at = target;
        continue;
      }
      if (length >= 0x40) throw new RangeError('an unknown kind of label');
      at += 1;
      if (length === 0) break;
      size += length + 1;
      if (size > MAX_NAME_BYTES) throw new RangeError('a name is too long');
      if (at + length > this.bytes.length) throw new RangeError('a label is longer than its message');
      labels.push(writtenLabel(this.bytes.subarray(at, at + length)));
      at += length;
    }
    this.#offset = end ?? at;
    return labels.join('.');
  }

  #u16(): number {
    this.#offset += 2;
    return this.#view.getUint16(this.#offset - 2);
  }

  #u32(): number {
    this.#offset += 4;
    return this.#view.getUint32(this.#offset - 4);
  }
}

function ednsOf({ class: udpSize, ttl }: ResourceRecord): Edns {
  return { udpSize, version: (ttl >>> 16) & 255, dnssecOk: (ttl & 0x8000) !== 0 };
}

function times<T>(count: number, read: () => T): T[] {
  const all: T[] = [];
  for (let index = 0; index < count; index++) all.push(read());
  return all;
}

function writtenLabel(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c;
    text += plain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`;
  }
  return text;
}
