import { dockerExec, driverOf } from '../docker/host';
import { inNetwork } from '../network/namespace';
import { hostPaths } from '../paths';
import { type CommandOptions, runCommand } from '../process/command';
import type { CommandResult, HostHandle } from '../types';

/** Runs a command inside of the host's network namespace: Services, pods and the API server are reachable from there. */
export async function execInHost(
  host: HostHandle,
  command: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const paths = hostPaths(host.name);
  const driver = await driverOf(paths);
  if (driver !== undefined) return dockerExec(paths, driver, command, options);
  return runCommand([...inNetwork(paths), ...command], options);
}
