import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { SubletError } from '../../lib/contract';
import type { HostPaths } from '../paths';
import {
  type DaemonCommand,
  type DaemonRecord,
  daemonEnvironment,
  isRunningAs,
  logFile,
  recordDaemon,
} from '../process/daemon';
import { writeFileAtomic } from '../process/files';
import { NETWORK } from './addresses';

const NAME = 'relay';

/**
 * The program of the relay. It gets a socket that listens outside of the network namespace, and lives inside: what
 * arrives at the socket goes on to the API server. It is plain text, so that it runs from a bundle as well as from a test.
 */
const PROGRAM = `'use strict';
const { connect } = require('node:net');
const [host, port] = process.argv.slice(2);
process.once('message', (message, server) => {
  server.on('connection', (outer) => {
    const inner = connect({ host, port: Number(port), noDelay: true });
    outer.setNoDelay(true);
    const close = () => { outer.destroy(); inner.destroy(); };
    outer.on('error', close).on('close', close);
    inner.on('error', close).on('close', close);
    outer.pipe(inner).pipe(outer);
  });
  process.send('ready', () => process.disconnect());
});
`;

/**
 * Makes the host's API server reachable from outside of its network namespace, on a port of the loopback.
 * @param wishedPort the port of an earlier run, so that kubeconfigs stay valid
 * @returns the port
 */
export async function ensureRelay(paths: HostPaths, wishedPort: number | undefined): Promise<number> {
  const program = join(paths.directory, 'relay.cjs');
  const command = relayCommand(program);
  if (wishedPort !== undefined && (await isRunningAs(paths, command))) return wishedPort;
  await writeFileAtomic(program, PROGRAM);
  const server = await listen(wishedPort).catch(() => listen(undefined));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new SubletError('HOST_SETUP', 'the relay has no port');
  try {
    await startRelay(paths, command, server);
  } finally {
    // The relay has a copy of the socket.
    server.close();
  }
  return address.port;
}

function relayCommand(program: string): DaemonCommand {
  return { name: NAME, argv: [process.execPath, program], files: { [program]: PROGRAM } };
}

async function startRelay(paths: HostPaths, command: DaemonCommand, server: Server): Promise<DaemonRecord> {
  const [node = '', program = ''] = command.argv;
  const log = openSync(logFile(paths, NAME), 'a');
  try {
    const child = fork(program, ['127.0.0.1', String(NETWORK.apiServerPort)], {
      execPath: 'nsenter',
      execArgv: [`--net=${paths.networkNamespaceFile}`, node],
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      cwd: paths.directory,
      env: daemonEnvironment(paths),
    });
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string): void => reject(new SubletError('HOST_SETUP', `the relay ${reason}`));
      child.once('error', (error) => fail(`could not be started: ${error.message}`));
      child.once('exit', (code) => fail(`ended with ${code}`));
      child.once('message', () => resolve());
      child.send('serve', server, (error) => {
        if (error) fail(`did not take the socket: ${error.message}`);
      });
    });
    child.unref();
    return await recordDaemon(paths, command, child.pid ?? 0);
  } finally {
    closeSync(log);
  }
}

function listen(port: number | undefined): Promise<Server> {
  return new Promise((resolve, reject) => {
    // Paused, so that no connection is taken here before the relay has the socket.
    const server = createServer({ pauseOnConnect: true });
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: port ?? 0 }, () => resolve(server));
  });
}
