import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import type { Duplex } from 'node:stream';

/** A whole answer. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Sends a GET, and reads the answer to its end. */
export async function get(options: RequestOptions): Promise<Answered> {
  return await readAnswer(await open(options));
}

/** Sends a GET, and gives the answer as soon as its head is there. */
export async function open(options: RequestOptions): Promise<IncomingMessage> {
  const outgoing = request({ ...alone(options), ...options }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return response;
}

/** A connection of its own; Node takes a given one only where no agent is named at all. */
function alone({ createConnection }: RequestOptions): RequestOptions {
  return createConnection === undefined ? { agent: false } : {};
}

/** Reads an answer to its end. */
export async function readAnswer(response: IncomingMessage): Promise<Answered> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  const { statusCode: status = 0, headers } = response;
  return { status, headers, body: Buffer.concat(pieces).toString() };
}

/** What came of a request to upgrade. */
export type Upgraded =
  | { readonly kind: 'switched'; readonly response: IncomingMessage; readonly socket: Duplex; readonly head: Buffer }
  | ({ readonly kind: 'refused' } & Answered);

/** Asks for SPDY, as kubectl does. */
export async function upgrade(options: RequestOptions): Promise<Upgraded> {
  const { headers, ...rest } = options;
  const outgoing = request({
    ...alone(options),
    method: 'POST',
    headers: { connection: 'Upgrade', upgrade: 'SPDY/3.1', ...headers },
    ...rest,
  });
  outgoing.end();
  return await new Promise((resolve, reject) => {
    outgoing.once('upgrade', (response, socket, head) => {
      socket.on('error', () => {});
      resolve({ kind: 'switched', response, socket, head });
    });
    outgoing.once('response', (response) => {
      readAnswer(response).then((answered) => resolve({ kind: 'refused', ...answered }), reject);
    });
    outgoing.once('error', reject);
  });
}
