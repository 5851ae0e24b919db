import { access } from 'node:fs/promises';
import type { HostPaths } from '../paths';
import { runChecked, runCommand } from '../process/command';
import { NETWORK } from './addresses';

/**
 * Makes the host's network namespace with its node address, unless it is there.
 * There is no way out of it: neither packets nor names leave the machine.
 */
export async function ensureNetworkNamespace(paths: HostPaths): Promise<void> {
  if (!(await exists(paths.networkNamespaceFile))) await runChecked(['ip', 'netns', 'add', paths.networkNamespace]);
  const inside = inNetwork(paths);
  if ((await runCommand([...inside, 'ip', 'route', 'show', 'default'])).stdout.includes(NETWORK.gateway)) return;
  await runChecked([...inside, 'ip', '-batch', '-'], { stdin: linkCommands() });
  // Missing where the module is not loaded, and only needed where it is.
  const bridged = 'net.bridge.bridge-nf-call-iptables=1';
  await runCommand([...inside, 'sysctl', '-qw', 'net.ipv4.ip_forward=1', bridged]);
}

/** Removes the namespace and with it all its interfaces. */
export async function removeNetworkNamespace(paths: HostPaths): Promise<void> {
  if (await exists(paths.networkNamespaceFile)) await runChecked(['ip', 'netns', 'del', paths.networkNamespace]);
}

/**
 * The words before a command that put it into the namespace.
 * `ip netns exec` would do so as well, but mounts a /sys in which the cgroups are missing.
 */
export function inNetwork(paths: HostPaths): string[] {
  return ['nsenter', `--net=${paths.networkNamespaceFile}`];
}

/**
 * The node's address sits on a bridge with a port that is always up: many kernels lack the dummy device. It has a hardware
 * address of its own: a bridge without one takes the lowest of its ports', and whoever had talked to it over another port
 * would not find it again for up to a minute after a port came or went.
 */
function linkCommands(): string {
  return [
    'link set lo up',
    'link add eth0 type bridge',
    `link set eth0 address ${NETWORK.nodeMac}`,
    'link add eth0p type veth peer name eth0q',
    'link set eth0p master eth0',
    'link set eth0p up',
    'link set eth0q up',
    `addr add ${NETWORK.nodeAddress}/${NETWORK.nodePrefix} dev eth0`,
    'link set eth0 up',
    `route add default via ${NETWORK.gateway} dev eth0`,
    '',
  ].join('\n');
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
