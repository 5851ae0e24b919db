/** Kinds of frames (RFC 6455, section 5.2). */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Messages over this size are refused: the API server's streams send at most some tens of kilobytes at once. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** What a reader hands on. */
export interface FrameHandlers {
  message(payload: Buffer): void;
  ping(payload: Buffer): void;
  close(): void;
  /** The peer broke the protocol. */
  broken(): void;
}

/** One whole frame from a client, which must be masked. */
export function encodeFrame(opcode: number, payload: Buffer, mask: Buffer): Buffer {
  const size = payload.length;
  const extended = size < 126 ? 0 : size < 65536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extended + 4 + size);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (extended === 0 ? size : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(size, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(size), 2);
  const start = 2 + extended + 4;
  mask.copy(frame, start - 4);
  for (let index = 0; index < size; index += 1) {
    frame[start + index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0);
  }
  return frame;
}

/** A function that takes the bytes of a connection as they come and calls back for each whole message. */
export function createFrameReader(handlers: FrameHandlers): (chunk: Buffer) => void {
  let buffered: Buffer = Buffer.alloc(0);
  let fragments: Buffer[] = [];
  let broken = false;

  const acceptData = (final: boolean, payload: Buffer): void => {
    fragments.push(payload);
    if (!final) return;
    const message = fragments.length === 1 ? payload : Buffer.concat(fragments);
    fragments = [];
    handlers.message(message);
  };
  const accept = ({ opcode, final, payload }: Frame): void => {
    if (opcode === OPCODE.ping) handlers.ping(payload);
    else if (opcode === OPCODE.close) handlers.close();
    else if (opcode !== OPCODE.pong) acceptData(final, payload);
  };

  return (chunk) => {
    if (broken) return;
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    for (;;) {
      const frame = parseFrame(buffered);
      if (frame === 'incomplete') return;
      if (frame === 'broken') {
        broken = true;
        handlers.broken();
        return;
      }
      buffered = buffered.subarray(frame.length);
      accept(frame);
    }
  };
}

interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly payload: Buffer;
  /** Bytes that the frame took, head included. */
  readonly length: number;
}

function parseFrame(bytes: Buffer): Frame | 'incomplete' | 'broken' {
  if (bytes.length < 2) return 'incomplete';
  const first = bytes[0] ?? 0;
  const second = bytes[1] ?? 0;
  // A server must not mask, and none of our subprotocols negotiates the reserved bits.
  if ((second & 0x80) !== 0 || (first & 0x70) !== 0) return 'broken';
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + extended;
  if (bytes.length < start) return 'incomplete';
  const size = extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (size > MAX_MESSAGE_BYTES) return 'broken';
  if (bytes.length < start + size) return 'incomplete';
  return {
    opcode: first & 0x0f,
    final: (first & 0x80) !== 0,
    payload: bytes.subarray(start, start + size),
    length: start + size,
  };
}
