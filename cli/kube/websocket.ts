import { createHash, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { SubletError } from '../../lib/contract';
import type { Api, ApiRequest } from './api';
import { createFrameReader, encodeFrame, OPCODE } from './websocket-frames';

const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A WebSocket as the API server's streaming subresources use it: binary messages whose first byte names a channel. */
export interface ChannelSocket {
  /** The subprotocol that the server chose. */
  readonly protocol: string;
  /** Sends one message. `false`: stop until {@link onDrain} calls back. */
  send(channel: number, data: Buffer): boolean;
  onMessage(listener: (channel: number, data: Buffer) => void): void;
  onDrain(listener: () => void): void;
  /** Called once, however it ends. */
  onClose(listener: () => void): void;
  /** Stops and resumes reading, so that a slow receiver slows the sender. */
  pause(): void;
  resume(): void;
  close(): void;
}

/**
 * Opens a WebSocket (RFC 6455) to an API server. Written here because client-node's own has no back-pressure, and the
 * process that forwards ports in the background should stay small.
 */
export async function openChannelSocket(
  api: Api,
  request: ApiRequest,
  protocols: readonly string[],
): Promise<ChannelSocket> {
  const key = randomBytes(16).toString('base64');
  const { socket, head, headers } = await api.upgrade(request, {
    // Streaming subresources produce no JSON: an API server answers 406 to those who ask for that only.
    accept: '*/*',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
    'sec-websocket-protocol': protocols.join(', '),
  });
  const expected = createHash('sha1').update(`${key}${ACCEPT_SUFFIX}`).digest('base64');
  const protocol = headers['sec-websocket-protocol'] ?? '';
  if (headers['sec-websocket-accept'] !== expected || !protocols.includes(protocol)) {
    socket.destroy();
    throw new SubletError('API_ERROR', `${request.path}: the server does not speak ${protocols.join(' or ')}`);
  }
  return channelSocket(socket, head, protocol);
}

function channelSocket(socket: Duplex, head: Buffer, protocol: string): ChannelSocket {
  let onMessage: ((channel: number, data: Buffer) => void) | undefined;
  let early: Buffer[] = [];
  const deliver = (message: Buffer): void => {
    if (onMessage === undefined) early.push(message);
    else if (message.length > 0) onMessage(message[0] ?? 0, message.subarray(1));
  };
  const end = (): void => {
    if (!socket.writableEnded) socket.end(encodeFrame(OPCODE.close, Buffer.alloc(0), randomBytes(4)));
  };
  const read = createFrameReader({
    message: deliver,
    ping: (payload) => void (socket.writable && socket.write(encodeFrame(OPCODE.pong, payload, randomBytes(4)))),
    close: end,
    broken: () => socket.destroy(),
  });
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy());
  socket.on('data', read);
  if (head.length > 0) read(head);

  return {
    protocol,
    send: (channel, data) => {
      if (!socket.writable) return true;
      const payload = Buffer.concat([Buffer.from([channel]), data]);
      return socket.write(encodeFrame(OPCODE.binary, payload, randomBytes(4)));
    },
    onMessage: (listener) => {
      onMessage = listener;
      const waiting = early;
      early = [];
      waiting.forEach(deliver);
    },
    onDrain: (listener) => void socket.on('drain', listener),
    onClose: (listener) => {
      if (socket.destroyed) queueMicrotask(listener);
      else socket.once('close', listener);
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => {
      end();
      // A server that never answers the closing frame must not keep the connection.
      setTimeout(() => socket.destroy(), 1000).unref();
    },
  };
}
