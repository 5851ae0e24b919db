import { once } from 'node:events';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { SubletError } from '../../../lib/contract';
import {
  decodeLeaseId,
  decodeRange,
  decodeSucceeded,
  encodeCreate,
  encodeDelete,
  encodeLeaseGrant,
  encodeRange,
  type RangeAnswer,
  type RangeQuery,
} from './messages';

/**
 * The store of a virtual cluster in etcd's protocol, as far as a backup needs it. kine speaks it for every store. Written
 * here, because a whole gRPC client would cost the syncer more memory than the backup does.
 */
export interface StoreClient {
  range(query: RangeQuery): Promise<RangeAnswer>;
  /** Puts a key that is not there. @returns whether it was not */
  create(key: Buffer, value: Buffer, lease: number): Promise<boolean>;
  /** Deletes a key that was last written at that revision. @returns whether it was */
  delete(key: Buffer, revision: number): Promise<boolean>;
  /** Makes a lease. @returns its id */
  grantLease(seconds: number): Promise<number>;
  close(): void;
}

/** How long one answer may take: a page of a store on a slow disk. */
const ANSWER_MS = 30_000;

/** Status codes of gRPC that the reader can do something about. */
const STATUS_WORDS: { readonly [code: string]: string } = {
  '11': 'OUT_OF_RANGE',
  '12': 'UNIMPLEMENTED',
  '14': 'UNAVAILABLE',
};

/**
 * Connects to a store on a Unix socket.
 * @throws SubletError `API_UNREACHABLE` from each call while nobody listens there, `API_ERROR` where the store refuses
 */
export function createStoreClient(socket: string): StoreClient {
  let session: ClientHttp2Session | undefined;
  const open = (): ClientHttp2Session => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    session = connect('http://localhost', { createConnection: () => connectSocket(socket) });
    // Each call hears of it too.
    session.on('error', () => undefined);
    return session;
  };
  const call = (method: string, message: Buffer): Promise<Buffer> => unary(open(), method, message);
  return {
    range: async (query) => decodeRange(await call('KV/Range', encodeRange(query))),
    create: async (key, value, lease) => decodeSucceeded(await call('KV/Txn', encodeCreate(key, value, lease))),
    delete: async (key, revision) => decodeSucceeded(await call('KV/Txn', encodeDelete(key, revision))),
    grantLease: async (seconds) => {
      const id = 1 + Math.floor(Math.random() * 0x7fff_fffe);
      return decodeLeaseId(await call('Lease/LeaseGrant', encodeLeaseGrant(seconds, id)));
    },
    close: () => session?.close(),
  };
}

const PREFIX_BYTES = 5;

/** One call of gRPC with one message each way. */
async function unary(session: ClientHttp2Session, method: string, message: Buffer): Promise<Buffer> {
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: `/etcdserverpb.${method}`,
    [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
    [constants.HTTP2_HEADER_TE]: 'trailers',
  });
  stream.setTimeout(ANSWER_MS, () => stream.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
  let status: string | undefined;
  let reason = '';
  const note = (headers: { readonly [name: string]: unknown }): void => {
    if (typeof headers['grpc-status'] === 'string') status = headers['grpc-status'];
    if (typeof headers['grpc-message'] === 'string') reason = decodeURIComponent(headers['grpc-message']);
  };
  stream.on('response', note).on('trailers', note);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  stream.end(Buffer.concat([prefix, message]));
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  try {
    await once(stream, 'end');
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new SubletError('API_UNREACHABLE', `the store can't be reached: ${said}`, { cause });
  }
  if (status !== undefined && status !== '0') {
    throw new SubletError(
      'API_ERROR',
      `the store refused ${method}: ${STATUS_WORDS[status] ?? `code ${status}`}: ${reason}`,
    );
  }
  return Buffer.concat(chunks).subarray(PREFIX_BYTES);
}
