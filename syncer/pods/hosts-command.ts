import { chmodSync, writeFileSync } from 'node:fs';
import { SubletError } from '../../lib/contract/errors';

/** Environment of the helper container that writes a pod's hosts file. */
export const HOSTS_ENV = {
  /** Where the file goes. */
  file: 'SUBLET_HOSTS_FILE',
  /** The pod's full name, and its first label. */
  fullName: 'SUBLET_HOSTS_FULL_NAME',
  shortName: 'SUBLET_HOSTS_SHORT_NAME',
  /** The pod's `hostAliases`, as JSON. */
  aliases: 'SUBLET_HOSTS_ALIASES',
  /** The pod's addresses, separated by commas. */
  addresses: 'POD_IPS',
} as const;

/** One entry of a pod's `hostAliases`. */
export interface HostAlias {
  readonly ip: string;
  readonly hostnames: readonly string[];
}

/** What a hosts file is made of. */
export interface HostsEntries {
  readonly addresses: readonly string[];
  readonly fullName: string;
  readonly shortName: string;
  readonly aliases: readonly HostAlias[];
}

/** The content of a hosts file as a kubelet writes it. The full name comes first, so that `hostname -f` finds it. */
export function hostsFile({ addresses, fullName, shortName, aliases }: HostsEntries): string {
  const lines = [
    '# Written by Sublet for this pod.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    ...addresses.map((address) => `${address}\t${fullName}\t${shortName}`),
    ...aliases
      .filter(({ hostnames }) => hostnames.length > 0)
      .map(({ ip, hostnames }) => [ip, ...hostnames].join('\t')),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * The program of the helper container: writes the hosts file that its environment describes.
 * @throws SubletError `USAGE` when the environment is not that of a helper container
 */
export function runHostsCommand(env: NodeJS.ProcessEnv): void {
  const file = required(env, HOSTS_ENV.file);
  const content = hostsFile({
    addresses: required(env, HOSTS_ENV.addresses).split(','),
    fullName: required(env, HOSTS_ENV.fullName),
    shortName: required(env, HOSTS_ENV.shortName),
    aliases: readAliases(env[HOSTS_ENV.aliases] ?? '[]'),
  });
  writeFileSync(file, content);
  // Containers run as whoever the tenant says, and all of them read it.
  chmodSync(file, 0o644);
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value) return value;
  throw new SubletError('USAGE', `hosts: the environment variable ${name} is missing`);
}

function readAliases(text: string): readonly HostAlias[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SubletError('USAGE', `hosts: ${HOSTS_ENV.aliases} is not JSON`, { cause });
  }
  if (Array.isArray(value) && value.every(isAlias)) return value;
  throw new SubletError('USAGE', `hosts: ${HOSTS_ENV.aliases} is not a list of hostAliases`);
}

function isAlias(value: unknown): value is HostAlias {
  if (typeof value !== 'object' || value === null) return false;
  return 'ip' in value && typeof value.ip === 'string' && 'hostnames' in value && Array.isArray(value.hostnames);
}
