import { CLASS_IN, type Edns, type Message, type Question, type ResourceRecord, TYPE } from './message';

/**
 * Writes one message, names compressed. Records that do not fit into `limit` bytes are left out, and the message says
 * that it is truncated unless only additional records are missing (RFC 2181, section 9).
 * @throws RangeError when a name is longer than DNS allows
 */
export function writeMessage(message: Message, limit = 65_535): Uint8Array {
  const writer = new Writer();
  writer.skip(HEADER_BYTES);
  for (const question of message.questions) writer.question(question);
  const room = limit - (message.edns === undefined ? 0 : OPT_BYTES);
  const writeAll = (records: readonly ResourceRecord[]): number => {
    let written = 0;
    while (written < records.length && writer.record(records[written], room)) written += 1;
    return written;
  };
  const answers = writeAll(message.answers);
  const whole = answers === message.answers.length;
  const authorities = whole ? writeAll(message.authorities) : 0;
  const truncated = !whole || authorities < message.authorities.length;
  const additionals = truncated ? 0 : writeAll(message.additionals);
  if (message.edns !== undefined) writer.option(message.edns, message.rcode);
  const counts = [message.questions.length, answers, authorities, additionals + (message.edns === undefined ? 0 : 1)];
  return writer.finish([message.id, flagsOf(message, truncated), ...counts]);
}

const HEADER_BYTES = 12;
const OPT_BYTES = 11;
const MAX_NAME_BYTES = 255;
/** What a pointer can reach. */
const POINTER_REACH = 0x3fff;

function flagsOf(message: Message, truncated: boolean): number {
  return (
    (message.isResponse ? 0x8000 : 0) |
    ((message.opcode & 15) << 11) |
    (message.authoritative ? 0x0400 : 0) |
    (truncated || message.truncated ? 0x0200 : 0) |
    (message.recursionDesired ? 0x0100 : 0) |
    (message.recursionAvailable ? 0x0080 : 0) |
    (message.rcode & 15)
  );
}

class Writer {
  #bytes = Buffer.alloc(512);
  #length = 0;
  /** Where each name that was written, or the rest of one, begins. */
  readonly #names = new Map<string, number>();

  skip(count: number): void {
    this.#room(count);
  }

  question({ name, type, class: questionClass }: Question): void {
    this.#name(name);
    this.#u16(type);
    this.#u16(questionClass);
  }

  /** Writes a record, or nothing when it would reach beyond `room`. */
  record(record: ResourceRecord | undefined, room: number): boolean {
    if (record === undefined) return false;
    const start = this.#length;
    this.#name(record.name);
    this.#u16(record.type);
    this.#u16(record.class);
    this.#u32(record.ttl);
    const lengthAt = this.#length;
    this.#u16(0);
    this.#data(record);
    this.#bytes.writeUInt16BE(this.#length - lengthAt - 2, lengthAt);
    if (this.#length <= room) return true;
    this.#length = start;
    for (const [name, at] of this.#names) if (at >= start) this.#names.delete(name);
    return false;
  }

  option({ udpSize, version, dnssecOk }: Edns, rcode: number): void {
    const at = this.#room(OPT_BYTES);
    this.#bytes.writeUInt16BE(TYPE.OPT, at + 1);
    this.#bytes.writeUInt16BE(udpSize, at + 3);
    this.#bytes.writeUInt32BE((((rcode >> 4) << 24) | (version << 16) | (dnssecOk ? 0x8000 : 0)) >>> 0, at + 5);
  }

  finish(header: readonly number[]): Uint8Array {
    for (const [index, value] of header.entries()) this.#bytes.writeUInt16BE(value, 2 * index);
    return this.#bytes.subarray(0, this.#length);
  }

  #data({ data }: ResourceRecord): void {
    switch (data.kind) {
      case 'name':
        this.#name(data.name);
        break;
      case 'mx':
        this.#u16(data.preference);
        this.#name(data.name);
        break;
      case 'srv':
        for (const value of [data.priority, data.weight, data.port]) this.#u16(value);
        // RFC 2782: the target is not to be compressed.
        this.#name(data.name, false);
        break;
      case 'soa':
        this.#name(data.primary);
        this.#name(data.mailbox);
        for (const value of [data.serial, data.refresh, data.retry, data.expire, data.minimum]) this.#u32(value);
        break;
      case 'raw':
        this.#append(data.bytes);
    }
  }

  #name(name: string, compress = true): void {
    const labels = name === '' ? [] : name.split('.');
    const start = this.#length;
    let size = 1;
    for (const [index, label] of labels.entries()) {
      const rest = labels.slice(index).join('.');
      const known = compress ? this.#names.get(rest) : undefined;
      if (known !== undefined) {
        this.#u16(0xc000 | known);
        return;
      }
      const bytes = labelBytes(label);
      size += bytes.length + 1;
      if (bytes.length === 0 || bytes.length > 63 || size > MAX_NAME_BYTES) throw new RangeError('no name of DNS');
      if (this.#length <= POINTER_REACH && this.#length >= start && !this.#names.has(rest)) {
        this.#names.set(rest, this.#length);
      }
      this.#append(Uint8Array.of(bytes.length));
      this.#append(bytes);
    }
    this.#room(1);
  }

  #u16(value: number): void {
    const at = this.#room(2);
    this.#bytes.writeUInt16BE(value, at);
  }

  #u32(value: number): void {
    const at = this.#room(4);
    this.#bytes.writeUInt32BE(value, at);
  }

  #append(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Makes room for so many bytes, all zero, and tells where it begins. The buffer may be another one afterwards. */
  #room(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#length));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    this.#bytes.fill(0, at, this.#length);
    return at;
  }
}

function labelBytes(label: string): Uint8Array {
  if (!label.includes('\\')) return Buffer.from(label, 'latin1');
  return Buffer.from(
    label.replaceAll(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number(code))),
    'latin1',
  );
}

/** The record that gives a name an address, IPv4 or IPv6 as the address is. */
export function addressRecord(name: string, bytes: Uint8Array, ttl: number): ResourceRecord {
  const type = bytes.length === 4 ? TYPE.A : TYPE.AAAA;
  return { name, type, class: CLASS_IN, ttl, data: { kind: 'raw', bytes } };
}
