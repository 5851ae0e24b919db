import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { HostHandle } from '../../host';
import { NETWORK } from '../../host/network/addresses';
import { output } from './command';
import { eventually } from './eventually';

/** A PostgreSQL server in the network of a host cluster, as a database outside of the cluster would be. */
export interface Postgres extends AsyncDisposable {
  /** The connection URL of a database, as pods of the host reach it. It is made by whoever connects first. */
  url(database: string): string;
  /** Runs SQL in a database and returns the rows, fields separated by `|`. */
  query(database: string, sql: string): Promise<readonly string[]>;
}

const PORT = 5432;
const USER = 'sublet';
const PASSWORD = 'p/w d?';

/** The folder with PostgreSQL's own programs, `undefined` where the machine has none. */
export async function findPostgres(): Promise<string | undefined> {
  const debian = '/usr/lib/postgresql';
  const versions = (await readdir(debian).catch(() => [])).sort().reverse();
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Starts a server with an empty data folder of its own. It ends with this process. */
export async function startPostgres(host: Pick<HostHandle, 'networkNamespace'>, programs: string): Promise<Postgres> {
  const { uid, gid } = await unprivileged();
  const directory = await mkdtemp(join(tmpdir(), 'sublet-postgres-'));
  await chown(directory, uid, gid);
  // PostgreSQL refuses to run as root.
  const asUser = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--pdeathsig', 'KILL'];
  const inside = ['nsenter', `--net=/run/netns/${host.networkNamespace}`, ...asUser];
  const data = join(directory, 'data');
  const env = { PATH: `${programs}${delimiter}${process.env.PATH ?? ''}`, PGPASSWORD: PASSWORD };
  const first = ([command = '', ...args]: readonly string[]) => [command, args] as const;
  const [make, initdb] = first([...asUser, join(programs, 'initdb'), '-D', data, '-U', USER, '-A', 'trust', '-N']);
  await output(make, initdb, { env });
  const settings = ['fsync=off', 'max_connections=200', `listen_addresses=${NETWORK.nodeAddress}`].flatMap((one) => [
    '-c',
    one,
  ]);
  const [command, args] = first([
    ...inside,
    join(programs, 'postgres'),
    ...['-D', data, '-p', String(PORT), '-k', directory, ...settings],
  ]);
  const hba = join(data, 'pg_hba.conf');
  const psql = async (database: string, sql: string): Promise<readonly string[]> => {
    const [program, words] = first([
      ...asUser,
      join(programs, 'psql'),
      '-h',
      directory,
      '-U',
      USER,
      '-d',
      database,
      '-Atc',
      sql,
    ]);
    return (await output(program, words, { env })).split('\n').filter((line) => line !== '');
  };
  await output('sh', ['-c', 'printf "host all all all scram-sha-256\\n" >> "$0"', hba]);
  const server = spawn(command, [...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  server.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const close = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGQUIT');
      await ended;
    }
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await eventually(
      async () => {
        if (server.exitCode !== null) throw new Error(`PostgreSQL ended: ${said.join('')}`);
        return psql('postgres', `ALTER USER ${USER} PASSWORD '${PASSWORD}'`).then(
          () => true,
          () => false,
        );
      },
      { what: 'PostgreSQL to answer', timeoutMs: 30_000 },
    );
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: (database) =>
      `postgres://${USER}:${encodeURIComponent(PASSWORD)}@${NETWORK.nodeAddress}:${PORT}/${database}?sslmode=disable`,
    query: psql,
    [Symbol.asyncDispose]: close,
  };
}

/** Who runs the server: the user that PostgreSQL's package made, or nobody. */
async function unprivileged(): Promise<{ readonly uid: number; readonly gid: number }> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const [, , uid = '65534', gid = '65534'] =
    users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
