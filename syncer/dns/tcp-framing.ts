/** A message as it goes over TCP: its length, 16 bits, and itself (RFC 1035, section 4.2.2). */
export function withLength(message: Uint8Array): Uint8Array {
  const framed = Buffer.alloc(message.length + 2);
  framed.writeUInt16BE(message.length);
  framed.set(message, 2);
  return framed;
}

/** The messages in a stream of bytes. It ends with the stream, or before the first message longer than `limit` bytes. */
export async function* tcpMessages(stream: AsyncIterable<unknown>, limit = 65_535): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) return;
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2) {
      const length = rest.readUInt16BE();
      if (length > limit) return;
      if (rest.length < length + 2) break;
      yield rest.subarray(2, length + 2);
      rest = rest.subarray(length + 2);
    }
  }
}
