import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { SubletError } from '../../../lib/contract';
import { ByteReader } from '../archive/byte-reader';
import { elements, textOf } from './answers';
import { type ObjectStoreCredentials, queryText, signedHeaders, uriEncoded } from './signature';

/** Where a bucket is, and who asks for it. */
export interface BucketSettings {
  /** `https://s3.eu-central-1.amazonaws.com`. The bucket is the first step of the path. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly credentials: ObjectStoreCredentials;
  /** CA certificates by which the store is known, PEM. @default - those of Node */
  readonly ca?: string | undefined;
}

/** An object in a bucket. */
export interface StoredObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
}

/** A bucket of an object store that speaks the S3 protocol. Every call throws SubletError `OBJECT_STORE`. */
export interface Bucket {
  /** Stores a stream. Until it is complete there is no object. @returns its size in bytes */
  put(key: string, content: AsyncIterable<Buffer>, signal: AbortSignal): Promise<number>;
  get(key: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  /** All objects whose keys begin so, in the order of their keys. */
  list(prefix: string, signal: AbortSignal): Promise<readonly StoredObject[]>;
  delete(key: string, signal: AbortSignal): Promise<void>;
}

/** A stream is sent in parts of this size, in bytes: one is in memory at a time. The protocol wants 5 MiB at least. */
const PART_BYTES = 8 << 20;

const IDLE_MS = 60_000;

/** Opens a bucket. Nothing is sent yet. */
export function openBucket(settings: BucketSettings): Bucket {
  const send = (call: Call, signal: AbortSignal): Promise<IncomingMessage> => request(settings, call, signal);
  const text = async (call: Call, signal: AbortSignal): Promise<string> => {
    const body = await buffer(await send(call, signal)).catch((cause: unknown) => {
      throw unreachable(settings, cause);
    });
    return body.toString();
  };
  return {
    put: async (key, content, signal) => {
      const reader = new ByteReader(content);
      const first = await reader.take(PART_BYTES);
      if (first.length < PART_BYTES) {
        await text({ method: 'PUT', key, body: first }, signal);
        return first.length;
      }
      return putInParts({ key, first, reader, text, settings }, signal);
    },
    get: (key, signal) => send({ method: 'GET', key }, signal),
    list: async (prefix, signal) => {
      const found: StoredObject[] = [];
      for (let after: string | undefined; ; ) {
        const more = after === undefined ? {} : { 'continuation-token': after };
        const answer = await text({ method: 'GET', query: { 'list-type': '2', prefix, ...more } }, signal);
        for (const one of elements(answer, 'Contents')) {
          found.push({ key: textOf(one, 'Key') ?? '', size: Number(textOf(one, 'Size')) });
        }
        after = textOf(answer, 'IsTruncated') === 'true' ? textOf(answer, 'NextContinuationToken') : undefined;
        if (after === undefined) return found;
      }
    },
    delete: async (key, signal) => void (await text({ method: 'DELETE', key }, signal)),
  };
}

interface Upload {
  readonly key: string;
  readonly first: Buffer;
  readonly reader: ByteReader;
  readonly settings: BucketSettings;
  readonly text: (call: Call, signal: AbortSignal) => Promise<string>;
}

async function putInParts({ key, first, reader, text, settings }: Upload, signal: AbortSignal): Promise<number> {
  const uploadId = textOf(await text({ method: 'POST', key, query: { uploads: '' } }, signal), 'UploadId');
  if (uploadId === undefined) throw new SubletError('OBJECT_STORE', `${settings.endpoint} began no upload`);
  try {
    const tags: string[] = [];
    let size = 0;
    for (let part = first; part.length > 0; part = await reader.take(PART_BYTES)) {
      const query = { partNumber: String(tags.length + 1), uploadId };
      const response = await request(settings, { method: 'PUT', key, query, body: part }, signal);
      response.resume();
      tags.push(response.headers.etag ?? '');
      size += part.length;
    }
    const parts = tags.map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
    const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
    const answer = await text({ method: 'POST', key, query: { uploadId }, body }, signal);
    // This call begins to answer before it is done, and so says 200 also where it fails.
    const code = textOf(answer, 'Code');
    if (code !== undefined)
      throw new SubletError('OBJECT_STORE', `${settings.endpoint} did not complete the upload: ${code}`);
    return size;
  } catch (error) {
    // Parts that nobody completes are stored, and paid for.
    await text({ method: 'DELETE', key, query: { uploadId } }, AbortSignal.timeout(IDLE_MS)).catch(() => undefined);
    throw error;
  }
}

interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** @default - the bucket itself */
  readonly key?: string;
  readonly query?: { readonly [key: string]: string };
  readonly body?: Buffer;
}

async function request(settings: BucketSettings, call: Call, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, key, query = {}, body = Buffer.alloc(0) } = call;
  const { protocol, host, hostname, port } = new URL(settings.endpoint);
  const path = `/${[settings.bucket, ...(key === undefined ? [] : key.split('/'))].map(uriEncoded).join('/')}`;
  const signed = signedHeaders(
    { method, host, path, query, body, region: settings.region },
    settings.credentials,
    new Date(),
  );
  const text = queryText(query);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const open = protocol === 'http:' ? httpRequest : httpsRequest;
    const sent = open({
      method,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      ...(port === '' ? {} : { port }),
      path: text === '' ? path : `${path}?${text}`,
      headers: { ...signed, 'content-length': String(body.length) },
      signal,
      timeout: IDLE_MS,
      ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    });
    sent.once('timeout', () => sent.destroy(new Error(`no answer within ${IDLE_MS / 1000} s`)));
    sent.once('response', resolve).once('error', reject).end(body);
  }).catch((cause: unknown) => {
    throw unreachable(settings, cause);
  });
  const { statusCode = 0 } = response;
  if (statusCode < 300) return response;
  const answer = (await buffer(response)).toString();
  const code = textOf(answer, 'Code') ?? `status ${statusCode}`;
  const what = key === undefined ? `bucket ${settings.bucket}` : `${settings.bucket}/${key}`;
  throw new SubletError('OBJECT_STORE', `${settings.endpoint} refused ${method} of ${what}: ${code}`);
}

function unreachable({ endpoint }: BucketSettings, cause: unknown): SubletError {
  const reason = cause instanceof Error ? cause.message || String(cause) : String(cause);
  return new SubletError('OBJECT_STORE', `${endpoint} can't be reached: ${reason}`, { cause });
}
