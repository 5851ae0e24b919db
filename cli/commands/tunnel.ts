import type { Command } from 'commander';
import { SubletError } from '../../lib/contract';
import type { Bind } from '../bind';
import type { Session } from '../session';
import { serveTunnel } from '../tunnel/serve';
import type { TunnelMessage } from '../tunnel/start';
import { tunnelDirectory } from '../tunnel/state';
import { checkName, namespaceOption } from './options';

/** Adds the hidden command that background port-forwards run as. */
export function registerTunnel(program: Command, bind: Bind): void {
  const command = program
    .command('tunnel <name>', { hidden: true })
    .description('run a port-forward to a virtual cluster until it is told to stop (used by `sublet connect`)')
    .addOption(namespaceOption())
    .option('--port <port>', 'local port');
  bind(command, tunnel);
}

async function tunnel(session: Session, command: Command): Promise<undefined> {
  const { namespace, port } = command.opts<{ readonly namespace?: string; readonly port?: string }>();
  const name = checkName(command.args[0]);
  if (namespace === undefined) throw new SubletError('USAGE', 'tunnel needs --namespace');
  const log = (text: string): void => void session.stderr.write(`${new Date(session.now()).toISOString()} ${text}\n`);
  try {
    const reason = await serveTunnel({
      api: session.api(),
      name,
      namespace,
      directory: tunnelDirectory(session.env),
      signal: session.signal,
      log,
      onReady: (ready) => tellParent({ port: ready }),
      ...(port !== undefined && { port: Number(port) }),
    });
    log(`ended: ${reason}`);
  } catch (error) {
    tellParent({ error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
  return undefined;
}

function tellParent(message: TunnelMessage): void {
  if (process.connected) process.send?.(message, () => {});
}
