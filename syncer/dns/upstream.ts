import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIPv6 } from 'node:net';
import { plainName } from './names';
import { type Ask, type AskOptions, FAILURE, type Reply } from './reply';
import { tcpMessages, withLength } from './tcp-framing';
import { type Message, OPCODE_QUERY, type Question, RCODE } from './wire/message';
import { readMessage } from './wire/reader';
import { writeMessage } from './wire/writer';

/** Other DNS servers, and how patient they are asked. */
export interface UpstreamOptions {
  /** Addresses, the preferred first. */
  readonly servers: readonly string[];
  /** @default 53 */
  readonly port?: number;
  /** Milliseconds until another server (or the same, if it is the only one) is asked. @default 1500 */
  readonly tryMs?: number;
  /** Milliseconds until it is given up: pods' resolvers wait 5 s. @default 4500 */
  readonly totalMs?: number;
  /** How many questions may be open at a time. More are answered `SERVFAIL` at once. @default 1000 */
  readonly concurrent?: number;
  /** A random whole number of 16 bits, which nobody can guess. */
  readonly randomId: () => number;
}

/** What we say of ourselves: as large as passes everywhere unfragmented (DNS flag day 2020). */
export const UDP_SIZE = 1_232;

/**
 * Asks other DNS servers, over UDP and, for what does not fit, over TCP. A server that is silent, fails or refuses is
 * passed over for the next; the one that answered last is asked first.
 */
export function upstreamServers(options: UpstreamOptions): Ask {
  const { servers, tryMs = 1_500, totalMs = 4_500, concurrent = 1_000 } = options;
  let preferred = 0;
  let open = 0;
  return async (question, asked) => {
    if (servers.length === 0 || open >= concurrent) return FAILURE;
    open += 1;
    const deadline = performance.now() + totalMs;
    let last = FAILURE;
    try {
      for (let attempt = 0; performance.now() < deadline && attempt < MAX_ATTEMPTS; attempt += 1) {
        const index = (preferred + attempt) % servers.length;
        const timeoutMs = Math.min(tryMs, Math.max(1, deadline - performance.now()));
        const reply = await askOne(servers[index] ?? '', question, asked, { ...options, timeoutMs });
        if (reply === undefined) continue;
        if (reply.rcode === RCODE.NOERROR || reply.rcode === RCODE.NXDOMAIN) {
          preferred = index;
          return reply;
        }
        last = reply;
        if (attempt + 1 >= servers.length) break;
      }
      return last;
    } finally {
      open -= 1;
    }
  };
}

/** A server that refuses connections answers at once, so that time alone bounds nothing. */
const MAX_ATTEMPTS = 6;

interface OneServer {
  readonly port?: number;
  readonly timeoutMs: number;
  readonly randomId: () => number;
}

/** The answer of one server, `undefined` when it gives none. */
async function askOne(
  server: string,
  question: Question,
  { dnssecOk }: AskOptions,
  { port = 53, timeoutMs, randomId }: OneServer,
): Promise<Reply | undefined> {
  const query: Message = {
    ...QUERY,
    id: randomId(),
    questions: [question],
    edns: { udpSize: UDP_SIZE, version: 0, dnssecOk },
  };
  const signal = AbortSignal.timeout(Math.ceil(timeoutMs));
  const belongs = (message: Message): boolean => isAnswerTo(message, query);
  try {
    const first = await overUdp(server, port, writeMessage(query), belongs, signal);
    const whole = first.truncated ? await overTcp(server, port, writeMessage(query), belongs, signal) : first;
    const { rcode, answers, authorities, additionals } = whole;
    return { rcode, authoritative: false, answers, authorities, additionals };
  } catch {
    return undefined;
  }
}

const QUERY = {
  isResponse: false,
  opcode: OPCODE_QUERY,
  authoritative: false,
  truncated: false,
  recursionDesired: true,
  recursionAvailable: false,
  rcode: RCODE.NOERROR,
  answers: [],
  authorities: [],
  additionals: [],
} as const;

/** Whatever else arrives may have been sent by somebody who guesses. */
function isAnswerTo(message: Message, query: Message): boolean {
  const [asked] = query.questions;
  const [echo, ...more] = message.questions;
  return (
    message.isResponse &&
    message.id === query.id &&
    more.length === 0 &&
    echo !== undefined &&
    asked !== undefined &&
    plainName(echo.name) === plainName(asked.name) &&
    echo.type === asked.type &&
    echo.class === asked.class
  );
}

/** A socket for each question gives each a port that can't be guessed either. */
async function overUdp(
  server: string,
  port: number,
  query: Uint8Array,
  belongs: (message: Message) => boolean,
  signal: AbortSignal,
): Promise<Message> {
  const socket = createSocket({ type: isIPv6(server) ? 'udp6' : 'udp4' });
  try {
    return await new Promise<Message>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      socket.on('error', reject);
      socket.on('message', (bytes) => {
        const reading = readMessage(bytes);
        if (reading.kind === 'message' && belongs(reading.message)) resolve(reading.message);
      });
      socket.on('connect', () => socket.send(query));
      socket.connect(port, server);
    });
  } finally {
    socket.close();
  }
}

async function overTcp(
  server: string,
  port: number,
  query: Uint8Array,
  belongs: (message: Message) => boolean,
  signal: AbortSignal,
): Promise<Message> {
  const socket = connect({ host: server, port, signal });
  const failed = once(socket, 'error').then(([error]) => Promise.reject(error));
  try {
    socket.write(withLength(query));
    const found = (async () => {
      for await (const bytes of tcpMessages(socket)) {
        const reading = readMessage(bytes);
        if (reading.kind === 'message' && belongs(reading.message)) return reading.message;
      }
      throw new Error('the server hung up');
    })();
    return await Promise.race([found, failed]);
  } finally {
    socket.destroy();
  }
}
