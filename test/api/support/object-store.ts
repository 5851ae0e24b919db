import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryPath } from '../../../host/binaries/cache';
import { ensureBinaries } from '../../../host/binaries/ensure';
import { VERSITYGW } from '../../../host/binaries/test-tools';
import { stepReporter } from '../../../host/steps';
import { eventually } from '../../support/eventually';

/** A real server of the S3 protocol with one bucket. Disposing of it ends it and removes what it holds. */
export interface ObjectStore extends AsyncDisposable {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Names of all objects, in order. */
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Buffer>;
}

const BUCKET = 'team-backups';
const CREDENTIALS = { accessKeyId: 'tester', secretAccessKey: 'tester-secret' } as const;

/** Makes sure that the server is there: it is built the first time, which takes minutes. */
export async function ensureObjectStore(): Promise<void> {
  await ensureBinaries([VERSITYGW], stepReporter(undefined));
}

/**
 * Starts an object store on the loopback of a network namespace.
 * @param inside the words before a command that put it into that namespace
 */
export async function startObjectStore(port: number, inside: readonly string[] = []): Promise<ObjectStore> {
  await ensureObjectStore();
  const directory = await mkdtemp(join(tmpdir(), 'sublet-objects-'));
  const bucket = join(directory, BUCKET);
  await mkdir(bucket);
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  const keys = ['--access', accessKeyId, '--secret', secretAccessKey];
  const words = [binaryPath(VERSITYGW, 'versitygw'), ...keys, '--port', `127.0.0.1:${port}`, 'posix', directory];
  const [command = '', ...args] = [...inside, ...words];
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  server.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await eventually(async () => said.includes(String(port)), {
    what: 'the object store',
    everyMs: 20,
    timeoutMs: 20_000,
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: BUCKET,
    credentials: CREDENTIALS,
    names: async () => {
      const found = await readdir(bucket, { recursive: true });
      return found.filter((name) => name.endsWith('.backup')).sort();
    },
    read: (name) => readFile(join(bucket, name)),
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
}
