import { createHash, createHmac } from 'node:crypto';

/** Who asks an object store for something. */
export interface ObjectStoreCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Where they are for a while only. */
  readonly sessionToken?: string;
}

/** A request before it is signed. */
export interface UnsignedRequest {
  readonly method: string;
  /** `host:port`, or without the port where it is the protocol's own. */
  readonly host: string;
  /** Percent-encoded. */
  readonly path: string;
  readonly query: { readonly [key: string]: string };
  readonly body: Buffer;
  readonly region: string;
}

/** Signs a request by AWS' Signature Version 4, which every store with the S3 protocol understands. @returns its headers */
export function signedHeaders(
  { method, host, path, query, body, region }: UnsignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: ObjectStoreCredentials,
  now: Date,
): { readonly [name: string]: string } {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const headers: { readonly [name: string]: string } = {
    host,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': time,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = [method, path, queryText(query), lines.join(''), names, sha256(body)].join('\n');
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<Buffer | string>((secret, part) => hmac(secret, part).digest(), `AWS4${secretAccessKey}`);
  const signature = hmac(key, toSign).digest('hex');
  const credential = `${accessKeyId}/${scope.join('/')}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

/** A query as it is signed, and so as it has to be sent: sorted, everything encoded. */
export function queryText(query: { readonly [key: string]: string }): string {
  return Object.entries(query)
    .map(([key, value]) => `${uriEncoded(key)}=${uriEncoded(value)}`)
    .sort()
    .join('&');
}

/** RFC 3986 to the letter. */
export function uriEncoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');
const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text);
