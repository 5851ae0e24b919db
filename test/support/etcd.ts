import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostHandle } from '../../host';
import { binaryPath } from '../../host/binaries/cache';
import { TOOLS } from '../../host/binaries/tools';
import { NETWORK } from '../../host/network/addresses';
import { issueAuthority, issueLeaf } from '../../syncer/bootstrap/pki/issue';
import { output } from './command';
import { eventually } from './eventually';

/** An etcd in the network of a host cluster, as one outside of the cluster would be: it takes known certificates only. */
export interface Etcd extends AsyncDisposable {
  /** Its address, as pods of the host reach it. */
  readonly endpoint: string;
  /** What a Secret for a client of it holds. */
  readonly client: { readonly [file: string]: string };
  /** All its keys, in order. */
  keys(): Promise<readonly string[]>;
}

const PORT = 12_379;

/** Starts an empty etcd. It ends with this process. */
export async function startEtcd(host: Pick<HostHandle, 'networkNamespace'>): Promise<Etcd> {
  const directory = await mkdtemp(join(tmpdir(), 'sublet-etcd-'));
  const sources = { now: () => new Date(), random: (bytes: number) => randomBytes(bytes) };
  const authority = issueAuthority({ commonName: 'etcd-ca' }, sources);
  const leaf = (commonName: string, usage: 'server' | 'client', sans: readonly string[]) =>
    issueLeaf({ commonName, usage, sans }, authority, sources);
  const server = leaf('etcd', 'server', [NETWORK.nodeAddress]);
  const client = leaf('sublet', 'client', []);
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(directory, name), content, { mode: 0o600 });
    return join(directory, name);
  };
  const [ca, serverCert, serverKey, clientCert, clientKey] = await Promise.all([
    file('ca.crt', authority.cert),
    file('server.crt', server.cert),
    file('server.key', server.key),
    file('client.crt', client.cert),
    file('client.key', client.key),
  ]);
  const endpoint = `https://${NETWORK.nodeAddress}:${PORT}`;
  const inside = [`--net=/run/netns/${host.networkNamespace}`];
  const flags = {
    'data-dir': join(directory, 'data'),
    'listen-client-urls': endpoint,
    'advertise-client-urls': endpoint,
    'listen-peer-urls': `http://127.0.0.1:${PORT + 1}`,
    'client-cert-auth': 'true',
    'trusted-ca-file': ca,
    'cert-file': serverCert,
    'key-file': serverKey,
    // Its JSON API asks itself, and a certificate is for one side of a connection only.
    'client-cert-file': clientCert,
    'client-key-file': clientKey,
    'unsafe-no-fsync': 'true',
    'log-level': 'error',
  };
  const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
  const process = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'nsenter', ...inside, binaryPath(TOOLS.etcd, 'etcd'), ...args],
    { stdio: 'ignore' },
  );
  const ask = async (path: string, body: object): Promise<{ readonly kvs?: readonly { readonly key: string }[] }> => {
    const certificates = ['--cacert', ca, '--cert', clientCert, '--key', clientKey];
    const request = ['curl', '-sSf', ...certificates, `${endpoint}${path}`, '-d', JSON.stringify(body)];
    return JSON.parse(await output('nsenter', [...inside, ...request]));
  };
  const everything = { key: encoded('\0'), range_end: encoded('\0'), keys_only: true };
  const keys = async (): Promise<readonly string[]> => {
    const { kvs = [] } = await ask('/v3/kv/range', everything);
    return kvs.map(({ key }) => Buffer.from(key, 'base64').toString()).sort();
  };
  const close = async (): Promise<void> => {
    if (process.exitCode === null && process.signalCode === null) {
      const ended = new Promise((resolve) => process.once('exit', resolve));
      process.kill('SIGKILL');
      await ended;
    }
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await eventually(async () => (await keys()).length === 0, { what: 'etcd to answer', timeoutMs: 30_000 });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    endpoint,
    client: { 'ca.crt': authority.cert, 'tls.crt': client.cert, 'tls.key': client.key },
    keys,
    [Symbol.asyncDispose]: close,
  };
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}
