import { inNetwork } from '../network/namespace';
import { hostPaths } from '../paths';
import { type CommandOptions, runCommand } from '../process/command';
import type { CommandResult, HostHandle } from '../types';

/** Runs a command inside of the host's network namespace: Services, pods and the API server are reachable from there. */
export function execInHost(
  host: HostHandle,
  command: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return runCommand([...inNetwork(hostPaths(host.name)), ...command], options);
}
