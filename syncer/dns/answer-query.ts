import { type Ask, emptyReply, FAILURE, type Reply } from './reply';
import { UDP_SIZE } from './upstream';
import { CLASS_IN, type Message, OPCODE_QUERY, RCODE, TYPE } from './wire/message';
import { readMessage } from './wire/reader';
import { writeMessage } from './wire/writer';

/** How a query came, and thus how large the answer may be. */
export type Transport = 'udp' | 'tcp';

/** A query's answer as bytes, with its code; `undefined` where silence is the only safe answer. */
export interface Answered {
  readonly bytes: Uint8Array;
  readonly rcode: number;
}

/** Answers the bytes of one query. Whatever they are, it throws nothing. */
export async function answerQuery(bytes: Uint8Array, transport: Transport, ask: Ask): Promise<Answered | undefined> {
  const reading = readMessage(bytes);
  if (reading.kind === 'malformed') {
    return reading.id === undefined ? undefined : answered(malformed(reading.id), 512);
  }
  const query = reading.message;
  // An answer to an answer could go back and forth for ever.
  if (query.isResponse) return undefined;
  const reply = await replyTo(query, ask);
  return answered(responseTo(query, reply), transport === 'tcp' ? 65_535 : udpLimit(query));
}

/** Before EDNS, 512 bytes were the limit (RFC 1035). */
function udpLimit({ edns }: Message): number {
  return edns === undefined ? 512 : Math.min(Math.max(edns.udpSize, 512), UDP_SIZE);
}

async function replyTo(query: Message, ask: Ask): Promise<Reply> {
  const [question, ...more] = query.questions;
  if (query.opcode !== OPCODE_QUERY) return emptyReply(RCODE.NOTIMP);
  if ((query.edns?.version ?? 0) > 0) return emptyReply(RCODE.BADVERS);
  if (question === undefined || more.length > 0) return emptyReply(RCODE.FORMERR);
  if (question.class !== CLASS_IN || isTransfer(question.type)) return emptyReply(RCODE.REFUSED);
  // RFC 8482: to ask for everything helps attackers only.
  if (question.type === TYPE.ANY) return emptyReply(RCODE.NOTIMP);
  try {
    return await ask(question, { dnssecOk: query.edns?.dnssecOk ?? false });
  } catch {
    return FAILURE;
  }
}

function isTransfer(type: number): boolean {
  return type === TYPE.AXFR || type === TYPE.IXFR || type === TYPE.OPT;
}

function responseTo(query: Message, reply: Reply): Message {
  return {
    ...reply,
    id: query.id,
    isResponse: true,
    opcode: query.opcode,
    truncated: false,
    recursionDesired: query.recursionDesired,
    recursionAvailable: true,
    questions: query.questions.slice(0, 1),
    ...(query.edns !== undefined && {
      edns: { udpSize: UDP_SIZE, version: 0, dnssecOk: query.edns.dnssecOk },
    }),
  };
}

function malformed(id: number): Message {
  return {
    ...emptyReply(RCODE.FORMERR),
    id,
    isResponse: true,
    opcode: OPCODE_QUERY,
    truncated: false,
    recursionDesired: false,
    recursionAvailable: true,
    questions: [],
  };
}

function answered(message: Message, limit: number): Answered {
  return { bytes: writeMessage(message, limit), rcode: message.rcode };
}
