/** Takes bytes from a stream in pieces of a wanted length. */
export class ByteReader {
  #waiting: Buffer[] = [];
  #length = 0;
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or fewer at the end of the stream. */
  async take(length: number): Promise<Buffer> {
    while (this.#length < length) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      this.#waiting.push(next.value);
      this.#length += next.value.length;
    }
    const all = this.#waiting.length === 1 ? (this.#waiting[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#waiting);
    const rest = all.subarray(length);
    this.#waiting = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return all.subarray(0, length);
  }
}
