import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { z } from 'zod';
import { SubletError } from '../../lib/contract';

const ANSWER_TIMEOUT_MS = 2000;

/** What can be asked of a running tunnel. */
export type ControlVerb = 'status' | 'stop';

const answerSchema = z.object({ pid: z.int(), port: z.int() });

/** A running tunnel's answer. */
export type ControlAnswer = z.infer<typeof answerSchema>;

/** The socket by which a tunnel is found alive and told to stop. Process ids are reused; a socket that answers is the tunnel. */
export interface ControlServer {
  close(): Promise<void>;
}

/**
 * Serves a tunnel's control socket. A socket that nobody answers on any more is replaced.
 * @throws SubletError `USAGE` where another tunnel answers on it
 */
export async function serveControl(
  path: string,
  answer: () => ControlAnswer,
  onStop: () => void,
): Promise<ControlServer> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (data) => {
      socket.end(JSON.stringify(answer()));
      if (data.toString('utf8').trim() === 'stop') socket.once('close', onStop);
    });
  });
  try {
    await listen(server, path);
  } catch (cause) {
    if ((await askTunnel(path, 'status')) !== undefined) {
      throw new SubletError('USAGE', 'another tunnel to this virtual cluster runs already', { cause });
    }
    await rm(path, { force: true });
    await listen(server, path);
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** Asks a tunnel; `undefined` where none answers. */
export function askTunnel(path: string, verb: ControlVerb): Promise<ControlAnswer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = '';
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(parse(text));
    };
    const timer = setTimeout(finish, ANSWER_TIMEOUT_MS);
    socket.once('connect', () => socket.write(`${verb}\n`));
    socket.on('data', (data) => {
      text += data.toString('utf8');
    });
    socket.once('end', finish);
    socket.once('error', finish);
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function parse(text: string): ControlAnswer | undefined {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
