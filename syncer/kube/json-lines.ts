import { SubletError } from '../../lib/contract';

const NEWLINE = 0x0a;

/**
 * The longest line that is put together, in bytes. etcd holds no objects over 1.5 MiB; JSON may write a byte as up to
 * six characters.
 */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Cuts a byte stream into lines. */
export interface LineSplitter {
  /** The lines that `chunk` completes. Each byte is looked at once and copied at most once. */
  push(chunk: Buffer): readonly string[];
  /** Bytes of a line that is not complete yet. */
  readonly pending: number;
}

/**
 * Cuts a stream with one JSON value a line, as watches send it.
 * @throws SubletError `API_ERROR` from `push` when a line gets longer than `longest` bytes
 */
export function createLineSplitter(longest: number = LONGEST_LINE): LineSplitter {
  let parts: Buffer[] = [];
  let pending = 0;
  const keep = (part: Buffer): void => {
    pending += part.length;
    if (pending > longest) throw new SubletError('API_ERROR', `an event of a watch is longer than ${longest} bytes`);
    parts.push(part);
  };
  const complete = (end: Buffer): string => {
    keep(end);
    const line = parts.length === 1 ? end : Buffer.concat(parts, pending);
    parts = [];
    pending = 0;
    return line.toString('utf8');
  };
  return {
    get pending() {
      return pending;
    },
    push(chunk) {
      const lines: string[] = [];
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        const line = complete(chunk.subarray(start, end));
        if (line.trim() !== '') lines.push(line);
        start = end + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
      return lines;
    },
  };
}
