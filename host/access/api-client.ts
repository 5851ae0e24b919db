import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { SubletError } from '../../lib/contract';
import type { HostPaths } from '../paths';
import { readAdmin } from '../pki/host-pki';

const TIMEOUT_MS = 10_000;

/** What an API server answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The few requests that setting up a host takes, as admin, through the relay. */
export interface HostApi {
  /** @throws SubletError `API_UNREACHABLE` */
  get(path: string): Promise<ApiAnswer>;
  /** Creates or updates an object, server-side. @throws SubletError `API_ERROR`, `API_UNREACHABLE` */
  apply(path: string, object: object): Promise<void>;
  close(): void;
}

/** A client for the host's API server at the relay's port. */
export async function hostApi(paths: HostPaths, port: number): Promise<HostApi> {
  const { authority, admin } = await readAdmin(paths);
  const agent = new Agent({ keepAlive: true, ca: authority, cert: admin.certificate, key: admin.key });
  const call = (method: string, path: string, body?: object): Promise<ApiAnswer> =>
    new Promise((resolve, reject) => {
      const content = body === undefined ? undefined : JSON.stringify(body);
      const headers = content === undefined ? {} : { 'content-type': 'application/apply-patch+yaml' };
      const options = { agent, host: '127.0.0.1', port, method, path, headers, timeout: TIMEOUT_MS };
      const outgoing = request(options, (incoming) => {
        readBody(incoming).then((answer) => resolve({ status: incoming.statusCode ?? 0, body: answer }), reject);
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
      outgoing.on('error', (cause) => reject(unreachable(paths, cause)));
      outgoing.end(content);
    });
  return {
    get: (path) => call('GET', path),
    async apply(path, object) {
      const answer = await call('PATCH', `${path}?fieldManager=sublet&force=true`, object);
      if (answer.status >= 300) {
        throw new SubletError(
          'API_ERROR',
          `applying ${path} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`,
        );
      }
    },
    close: () => agent.destroy(),
  };
}

/** The port in a kubeconfig that {@link hostApi} can use, from the state of an earlier run. */
export async function kubeconfigPort(paths: HostPaths): Promise<number | undefined> {
  const text = await readFile(paths.kubeconfig, 'utf8').catch(() => '');
  const port = /https:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unreachable(paths: HostPaths, cause: Error): SubletError {
  return new SubletError(
    'API_UNREACHABLE',
    `the API server of host ${paths.name} cannot be reached: ${cause.message}`,
    {
      cause,
    },
  );
}
