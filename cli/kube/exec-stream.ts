import { PassThrough } from 'node:stream';
import type { Api } from './api';
import { EXEC_PROTOCOLS, exitCodeOf } from './exec';
import { pathFor } from './objects';
import { RESOURCES } from './types';
import { type ChannelSocket, openChannelSocket } from './websocket';

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
const CLOSE = 255;

/** No message is longer, in bytes: kubelets refuse long ones. */
const MESSAGE = 32 << 10;

/** A program that runs in a container. */
export interface ExecStream {
  readonly stdout: AsyncIterable<Buffer>;
  /** How it ended. It never fails where the program did. */
  readonly end: Promise<{ readonly exitCode: number; readonly stderr: string }>;
}

/**
 * Runs a program in a pod's container, with streams of any length in and out. A slow reader slows the program.
 * @param stdin what it reads; nothing where there is none
 */
export async function execStream(
  api: Api,
  target: { readonly namespace: string; readonly pod: string; readonly container: string },
  command: readonly string[],
  stdin: AsyncIterable<Buffer> | undefined,
  signal: AbortSignal,
): Promise<ExecStream> {
  const path = pathFor(RESOURCES.pods, target.namespace, target.pod, 'exec');
  const streams = { stdout: 'true', stderr: 'true', ...(stdin && { stdin: 'true' }) };
  const query = { container: target.container, ...streams, command };
  const socket = await openChannelSocket(api, { path, query, signal }, EXEC_PROTOCOLS);
  const stdout = new PassThrough();
  const said = { [STDERR]: '', [STATUS]: '' };
  socket.onMessage((channel, data) => {
    if (channel === STDERR || channel === STATUS) said[channel] += data.toString('utf8');
    if (channel !== STDOUT || stdout.write(data)) return;
    socket.pause();
    stdout.once('drain', () => socket.resume());
  });
  const onAbort = (): void => socket.close();
  signal.addEventListener('abort', onAbort);
  const closed = new Promise<void>((resolve) => socket.onClose(resolve));
  const end = closed.then(() => {
    signal.removeEventListener('abort', onAbort);
    stdout.end();
    return { exitCode: exitCodeOf(said[STATUS]), stderr: said[STDERR] };
  });
  if (stdin !== undefined) {
    // What the source says is told by the stream that is cut off.
    send(socket, stdin, closed).catch(() => socket.close());
  }
  return { stdout, end };
}

async function send(socket: ChannelSocket, source: AsyncIterable<Buffer>, closed: Promise<void>): Promise<void> {
  let onDrain: (() => void) | undefined;
  socket.onDrain(() => onDrain?.());
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += MESSAGE) {
      if (socket.send(STDIN, chunk.subarray(at, at + MESSAGE))) continue;
      await Promise.race([new Promise<void>((resolve) => (onDrain = resolve)), closed]);
    }
  }
  if (socket.protocol.startsWith('v5')) socket.send(CLOSE, Buffer.from([STDIN]));
}
