import fc from 'fast-check';
import { createFrameReader, encodeFrame, OPCODE } from '../../../../cli/kube/websocket-frames';

/** A frame as a server sends it: unmasked. */
function serverFrame(opcode: number, payload: Buffer, final = true): Buffer {
  const masked = encodeFrame(opcode, payload, Buffer.alloc(4));
  const extended = payload.length < 126 ? 0 : payload.length < 65536 ? 2 : 8;
  const head = Buffer.from(masked.subarray(0, 2 + extended));
  head[0] = (final ? 0x80 : 0) | opcode;
  head[1] = (head[1] ?? 0) & 0x7f;
  return Buffer.concat([head, payload]);
}

function collect() {
  const messages: string[] = [];
  const other: string[] = [];
  const read = createFrameReader({
    message: (payload) => void messages.push(payload.toString('hex')),
    ping: (payload) => void other.push(`ping ${payload}`),
    close: () => void other.push('close'),
    broken: () => void other.push('broken'),
  });
  return { messages, other, read };
}

describe('WebSocket frames', () => {
  it('come through whole, however the bytes are cut', () => {
    const bytes = fc.uint8Array({ maxLength: 70_000, size: 'medium' }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 4 }), fc.integer({ min: 1, max: 4000 }), (payloads, size) => {
        const stream = Buffer.concat(payloads.map((payload) => serverFrame(OPCODE.binary, payload)));
        const { messages, read } = collect();
        for (let at = 0; at < stream.length; at += size) read(stream.subarray(at, at + size));
        expect(messages).toEqual(payloads.map((payload) => payload.toString('hex')));
      }),
      { numRuns: 40 },
    );
  });

  it.each([125, 126, 65_535, 65_536])('of %d bytes carry their length', (length) => {
    const { messages, read } = collect();
    read(serverFrame(OPCODE.binary, Buffer.alloc(length, 7)));
    expect(messages[0]).toHaveLength(length * 2);
  });

  it('join fragments, with a ping in between', () => {
    const { messages, other, read } = collect();
    read(serverFrame(OPCODE.binary, Buffer.from('ab'), false));
    read(serverFrame(OPCODE.ping, Buffer.from('x')));
    read(serverFrame(OPCODE.continuation, Buffer.from('cd')));
    expect(messages).toEqual([Buffer.from('abcd').toString('hex')]);
    expect(other).toEqual(['ping x']);
  });

  it.each([
    ['are masked', encodeFrame(OPCODE.binary, Buffer.from('a'), Buffer.from('mask'))],
    ['use reserved bits', Buffer.from([0xf2, 1, 0])],
    ['are huge', Buffer.from([0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0])],
  ])('are refused where they %s', (_name, bytes) => {
    const { other, read } = collect();
    read(bytes);
    read(serverFrame(OPCODE.binary, Buffer.from('after')));
    expect(other).toEqual(['broken']);
  });

  it('are masked on the way to the server', () => {
    const frame = encodeFrame(OPCODE.binary, Buffer.from('hello'), Buffer.from([1, 2, 3, 4]));
    expect([...frame.subarray(0, 6)]).toEqual([0x82, 0x85, 1, 2, 3, 4]);
    expect(frame.subarray(6).map((byte, index) => byte ^ ((index & 3) + 1))).toEqual(Buffer.from('hello'));
  });
});
