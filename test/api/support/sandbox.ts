import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HostHandle } from '../../../host';
import { NETWORK } from '../../../host/network/addresses';
import { FILES } from '../../../lib/contract';
import { output, run } from '../../support/command';
import { eventually } from '../../support/eventually';

/**
 * What a kubelet makes around the containers of a pod: a network namespace with an address of its own on the host's
 * network, and a file system in which the pod's volumes are where the manifests mount them.
 */
export interface Sandbox {
  readonly ip: string;
  /** The words before a command that put it into the sandbox. It ends when this process does. */
  readonly inside: readonly string[];
  /** Writes a file as the sandbox sees it. */
  write(path: string, content: string): Promise<void>;
  /** Reads a file as the sandbox sees it. */
  read(path: string): Promise<string>;
  /** Ends it. Its namespaces go with the last process in them. */
  close(): Promise<void>;
}

/** A process that is started with these words is killed when the process that started it ends, however that ends. */
const DIES_WITH_ME = ['setpriv', '--pdeathsig', 'KILL'] as const;

/** Last number of the first address of the node network that no node of the host has. */
const FIRST_ADDRESS = 10;

const READY_FILE = `${FILES.socketDir}/.ready`;

/** Makes a sandbox on a host. @param shown folders of this machine that are seen in it even where it hides their parents */
export async function createSandbox(host: HostHandle, shown: readonly string[]): Promise<Sandbox> {
  const [command = '', ...args] = DIES_WITH_ME;
  const unshare = ['unshare', '--mount', '--net', '--propagation', 'private', 'sh', '-c', furnish(shown)];
  const holder = spawn(command, [...args, ...unshare], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  holder.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const root = `/proc/${holder.pid}/root`;
  const within = (path: string): string => join(root, path);
  await eventually(
    async () => {
      if (holder.exitCode !== null) return true;
      return (await readFile(within(READY_FILE), 'utf8').catch(() => undefined)) !== undefined;
    },
    { what: 'the sandbox', everyMs: 10, timeoutMs: 10_000 },
  );
  if (holder.exitCode !== null) throw new Error(`no sandbox can be made: ${said.join('')}`);
  const namespaces = `/proc/${holder.pid}/ns`;
  const nsenter = ['nsenter', `--net=${namespaces}/net`, `--mount=${namespaces}/mnt`, `--root=${root}`, '--wd=/'];
  return {
    ip: await connect(host, holder.pid ?? 0),
    inside: [...DIES_WITH_ME, ...nsenter],
    async write(path, content) {
      await mkdir(dirname(within(path)), { recursive: true });
      await writeFile(within(path), content);
    },
    read: (path) => readFile(within(path), 'utf8'),
    close: () => end(holder),
  };
}

/** A root file system with the machine's folders but for those that belong to the pod: its volumes are in memory. */
function furnish(shown: readonly string[]): string {
  const volumes = [FILES.pkiDir, FILES.socketDir, FILES.dataDir, FILES.hostTokenDir];
  return [
    'set -e',
    'root=$(mktemp -d)',
    'mount -t tmpfs tmpfs "$root"',
    'for entry in /*; do',
    '  case "$entry" in /run|/var|/data) continue;; esac',
    '  if [ -L "$entry" ]; then cp -P "$entry" "$root$entry"',
    '  elif [ -d "$entry" ]; then mkdir "$root$entry"; mount --rbind "$entry" "$root$entry"; fi',
    'done',
    `for folder in ${volumes.join(' ')} ; do mkdir -p "$root$folder"; done`,
    ...shown.map((folder) => `mkdir -p "$root${folder}"; mount --bind "${folder}" "$root${folder}"`),
    ': > "$root/run/resolv.conf"',
    '[ ! -e /etc/resolv.conf ] || mount --bind "$root/run/resolv.conf" "$(readlink -f "$root/etc/resolv.conf")"',
    `: > "$root${READY_FILE}"`,
    'exec chroot "$root" sleep infinity',
  ].join('\n');
}

/** Gives the sandbox the first free address of the host's node network. */
async function connect(host: HostHandle, holder: number): Promise<string> {
  const onHost = (...args: readonly string[]) =>
    run('nsenter', [`--net=/run/netns/${host.networkNamespace}`, 'ip', 'link', ...args]);
  for (let last = FIRST_ADDRESS; last < 250; last += 1) {
    const link = `pod${last}`;
    const peer = ['peer', 'name', 'eth0', 'netns', String(holder)];
    const added = await onHost('add', link, 'type', 'veth', ...peer);
    if (added.code !== 0 && added.stderr.includes('exists')) continue;
    if (added.code !== 0) throw new Error(`no link to the host: ${added.stderr}`);
    await onHost('set', link, 'master', 'eth0', 'up');
    const ip = `${NETWORK.nodeAddress.replace(/\d+$/, '')}${last}`;
    const commands = ['link set lo up', `addr add ${ip}/${NETWORK.nodePrefix} dev eth0`, 'link set eth0 up', ''];
    await output('nsenter', [`--net=/proc/${holder}/ns/net`, 'ip', '-batch', '-'], { input: commands.join('\n') });
    return ip;
  }
  throw new Error('the host has no address left');
}

async function end(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  holder.kill('SIGKILL');
  await ended;
}
