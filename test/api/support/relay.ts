import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';

/** Ports of a sandbox as this process reaches them. */
export interface Relay {
  /** Port on the loopback that leads to this port in the sandbox. */
  portOf(port: number): number;
  close(): void;
}

/** Lives in the sandbox and gets sockets that listen outside of it: what arrives there goes on to the sandbox's loopback. */
const PROGRAM = `'use strict';
const { connect } = require('node:net');
process.on('message', (port, server) => {
  server.on('connection', (outer) => {
    const inner = connect({ host: '127.0.0.1', port, noDelay: true });
    outer.setNoDelay(true);
    const close = () => { outer.destroy(); inner.destroy(); };
    outer.on('error', close).on('close', close);
    inner.on('error', close).on('close', close);
    outer.pipe(inner).pipe(outer);
  });
  process.send(port);
});
process.on('disconnect', () => process.exit());
`;

/**
 * Makes ports of a sandbox reachable from this process.
 * @param inside the words before a command that put it into the sandbox
 * @param file where the relay's program may be written
 */
export async function startRelay(inside: readonly string[], ports: readonly number[], file: string): Promise<Relay> {
  await writeFile(file, PROGRAM);
  const [execPath = '', ...words] = inside;
  const child = fork(file, [], {
    execPath,
    execArgv: [...words, process.execPath],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const outside = new Map<number, number>();
  for (const port of ports) outside.set(port, await hand(child, port));
  return {
    portOf(port) {
      const found = outside.get(port);
      if (found === undefined) throw new Error(`port ${port} is not relayed`);
      return found;
    },
    close: () => void child.kill('SIGKILL'),
  };
}

async function hand(child: ChildProcess, port: number): Promise<number> {
  // Paused, so that no connection is taken here before the relay has the socket.
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: outside } = server.address() as AddressInfo;
  const taken = once(child, 'message');
  child.send(port, server);
  await taken;
  server.close();
  return outside;
}
