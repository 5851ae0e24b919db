import fc from 'fast-check';
import { answerQuery } from '../../../syncer/dns/answer-query';
import { addressBytes, addressOfDashed, addressOfReverse, dashedAddress } from '../../../syncer/dns/names';
import { emptyReply } from '../../../syncer/dns/reply';
import { tcpMessages, withLength } from '../../../syncer/dns/tcp-framing';
import { type Message, RCODE, type ResourceRecord, TYPE } from '../../../syncer/dns/wire/message';
import { readMessage } from '../../../syncer/dns/wire/reader';
import { writeMessage } from '../../../syncer/dns/wire/writer';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const part = fc.constantFrom('a', 'B', '7', '_', '-', '\\046', '\\000', '\\092', '\\255');
const label = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
const name = fc.array(label, { maxLength: 6 }).map((labels) => labels.join('.'));
const data = fc.oneof(
  fc.record({
    type: fc.constantFrom(TYPE.NS, TYPE.CNAME, TYPE.PTR, TYPE.DNAME),
    data: fc.record({ kind: fc.constant('name' as const), name }),
  }),
  fc.record({
    type: fc.constant(TYPE.MX),
    data: fc.record({ kind: fc.constant('mx' as const), preference: u16, name }),
  }),
  fc.record({
    type: fc.constant(TYPE.SRV),
    data: fc.record({ kind: fc.constant('srv' as const), priority: u16, weight: u16, port: u16, name }),
  }),
  fc.record({
    type: fc.constant(TYPE.SOA),
    data: fc.record({
      kind: fc.constant('soa' as const),
      primary: name,
      mailbox: name,
      serial: u32,
      refresh: u32,
      retry: u32,
      expire: u32,
      minimum: u32,
    }),
  }),
  fc.record({
    type: fc.constantFrom(TYPE.A, TYPE.AAAA, TYPE.TXT, 65, 257),
    data: fc.record({ kind: fc.constant('raw' as const), bytes: fc.uint8Array({ maxLength: 40 }) }),
  }),
);
const record: fc.Arbitrary<ResourceRecord> = fc
  .tuple(name, u32, data)
  .map(([owner, ttl, typed]) => ({ name: owner, class: 1, ttl, ...typed }));
const records = fc.array(record, { maxLength: 4 });
const header = {
  isResponse: fc.boolean(),
  authoritative: fc.boolean(),
  recursionDesired: fc.boolean(),
  recursionAvailable: fc.boolean(),
};
const message: fc.Arbitrary<Message> = fc.record({
  id: u16,
  ...header,
  opcode: fc.integer({ min: 0, max: 15 }),
  truncated: fc.constant(false),
  rcode: fc.integer({ min: 0, max: 15 }),
  questions: fc.array(fc.record({ name, type: u16, class: u16 }), { maxLength: 2 }),
  answers: records,
  authorities: records,
  additionals: records,
});
const edns = fc.record({ udpSize: u16, version: fc.integer({ min: 0, max: 255 }), dnssecOk: fc.boolean() });
const withEdns: fc.Arbitrary<Message> = fc
  .tuple(message, edns, fc.integer({ min: 0, max: 4095 }))
  .map(([plain, said, rcode]) => ({ ...plain, rcode, edns: said }));

/** The same with plain arrays of bytes, as a test takes a Buffer for something else. */
const comparable = (value: Message): Message => {
  const plain = (record: ResourceRecord): ResourceRecord => ({
    ...record,
    data: record.data.kind === 'raw' ? { kind: 'raw', bytes: Uint8Array.from(record.data.bytes) } : record.data,
  });
  return {
    ...value,
    answers: value.answers.map(plain),
    authorities: value.authorities.map(plain),
    additionals: value.additionals.map(plain),
  };
};

const ask = async () => emptyReply(RCODE.NXDOMAIN);

describe('a DNS message', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.oneof(message, withEdns), (original) => {
        const reading = readMessage(writeMessage(original));
        if (reading.kind !== 'message') throw new Error('it can not be read');
        expect(comparable(reading.message)).toEqual(original);
      }),
    );
  });

  it('keeps to the limit, and says when records are missing', () => {
    fc.assert(
      fc.property(withEdns, fc.integer({ min: 512, max: 700 }), (original, limit) => {
        const bytes = writeMessage(original, limit);
        const reading = readMessage(bytes);
        if (reading.kind !== 'message') throw new Error('it can not be read');
        const { answers, authorities, truncated } = reading.message;
        expect(bytes.length).toBeLessThanOrEqual(limit);
        expect(truncated).toBe(
          answers.length < original.answers.length || authorities.length < original.authorities.length,
        );
        expect(reading.message.edns).toEqual(original.edns);
      }),
    );
  });

  it('is small: thirty addresses of one name fit where they have to', () => {
    const bytes = Uint8Array.of(10, 0, 0, 1);
    const answers = Array.from({ length: 28 }, () => ({
      name: 'db.shop.svc.cluster.local',
      type: TYPE.A,
      class: 1,
      ttl: 5,
      data: { kind: 'raw', bytes } as const,
    }));
    const [first] = answers;
    const question = { name: first?.name ?? '', type: TYPE.A, class: 1 };
    const whole: Message = {
      id: 1,
      isResponse: true,
      opcode: 0,
      authoritative: true,
      truncated: false,
      recursionDesired: true,
      recursionAvailable: true,
      rcode: 0,
      questions: [question],
      answers,
      authorities: [],
      additionals: [],
    };
    const reading = readMessage(writeMessage(whole, 512));
    expect(reading).toMatchObject({ message: { truncated: false, answers: { length: 28 } } });
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['half a header', '0001010000'],
    ['a question that is not there', '000101000001000000000000'],
    ['a label beyond the end', '000101000001000000000000' + '3f61'],
    ['a pointer to itself', '000101000001000000000000' + 'c00c' + '00010001'],
    ['a pointer forward', '000101000001000000000000' + 'c00e' + '00010001'],
    ['a circle of pointers', '000101000001000000000000' + '0161c010c00c' + '00010001'],
    ['an unknown kind of label', '000101000001000000000000' + '8061' + '00010001'],
    ['a record that is longer than the message', '000101000000000100000000' + '00000100010000000500ff01'],
    ['a name that is longer than its record', '000101000000000100000000' + '0000050001000000050001' + '016100'],
    ['two OPT records', '000101000000000000000002' + '0000290200000000000000' + '0000290200000000000000'],
    [
      'a name of more than 255 bytes',
      ['000101000001000000000000', `3f${'61'.repeat(63)}`.repeat(4), '0161000001', '0001'].join(''),
    ],
  ])('that holds %s is malformed', (_what, hex) => {
    expect(readMessage(Buffer.from(hex, 'hex')).kind).toBe('malformed');
  });

  it('of any bytes is answered or met with silence, and soon', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
        const answer = await answerQuery(bytes, 'udp', ask);
        if (answer !== undefined) expect(readMessage(answer.bytes).kind).toBe('message');
      }),
      { numRuns: 2_000 },
    );
  });

  it('with a few bytes changed is answered or met with silence', async () => {
    const changes = fc.array(fc.tuple(fc.nat(511), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(withEdns, changes, fc.nat(600), async (original, edits, length) => {
        const bytes = Uint8Array.from(writeMessage({ ...original, isResponse: false }).subarray(0, length));
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
        const answer = await answerQuery(bytes, 'udp', ask);
        if (answer !== undefined) expect(answer.bytes.length).toBeLessThanOrEqual(1_232);
      }),
      { numRuns: 1_000 },
    );
  });

  it('made of pointers alone costs next to nothing', async () => {
    const pointers = Buffer.alloc(65_535, 0xc0);
    for (let at = 12; at + 1 < 0x3fff; at += 2) pointers.writeUInt16BE(0xc000 | (at - 2), at);
    pointers.writeUInt16BE(0x0100, 2);
    pointers.fill(0xff, 4, 12);
    const began = performance.now();
    expect(readMessage(pointers).kind).toBe('malformed');
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('messages over TCP', () => {
  it('come out one by one, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 20 }),
        async (all, size) => {
          const stream = Buffer.concat(all.map(withLength));
          const pieces = (async function* () {
            for (let at = 0; at < stream.length; at += size) yield stream.subarray(at, at + size);
          })();
          const got: number[][] = [];
          for await (const one of tcpMessages(pieces)) got.push([...one]);
          expect(got).toEqual(all.map((one) => [...one]));
        },
      ),
    );
  });

  it('end before one that claims to be too long', async () => {
    const pieces = (async function* () {
      yield withLength(Buffer.from('short'));
      yield Buffer.from([0xff, 0xff, 1, 2, 3]);
    })();
    const got: string[] = [];
    for await (const one of tcpMessages(pieces, 4_096)) got.push(Buffer.from(one).toString());
    expect(got).toEqual(['short']);
  });
});

describe('addresses in names', () => {
  it.each<[string, string | undefined]>([
    ['1.0.0.10.in-addr.arpa', '10.0.0.1'],
    [`1${'.0'.repeat(30)}.f.ip6.arpa`, 'f000::1'],
    ['0.10.in-addr.arpa', undefined],
    ['1.0.0.010.in-addr.arpa', undefined],
    ['in-addr.arpa', undefined],
    [`g${'.0'.repeat(31)}.ip6.arpa`, undefined],
    ['example.com', undefined],
  ])('%s stands for %s', (reverse, address) => {
    expect(addressOfReverse(reverse)).toBe(address);
  });

  it('IPv6 addresses become the bytes that they are', () => {
    const hex = (address: string) => Buffer.from(addressBytes(address) ?? []).toString('hex');
    expect(hex('fd00:10:96::1')).toBe('fd000010009600000000000000000001');
    expect(hex('::')).toBe('0'.repeat(32));
    expect(hex('::ffff:10.0.0.1')).toBe('00000000000000000000ffff0a000001');
    expect(hex('1:2:3:4:5:6:7:8')).toBe('00010002000300040005000600070008');
    expect(addressBytes('fe80::1%eth0')).toBeUndefined();
    expect(addressBytes('web')).toBeUndefined();
  });

  it('any address becomes a label and comes back', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => expect(addressOfDashed(dashedAddress(address))).toBe(address)));
    expect(addressOfDashed(dashedAddress('fd00::7'))).toBe('fd00::7');
  });
});
