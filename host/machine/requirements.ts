import { SubletError } from '../../lib/contract';
import { installPackages } from '../binaries/ensure';
import { runCommand } from '../process/command';
import type { StepReporter } from '../steps';

/** Programs of the machine that a host needs, and the Debian package of each. */
const PROGRAMS: { readonly [program: string]: string } = {
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  mount: 'mount',
  nft: 'nftables',
  sysctl: 'procps',
  tar: 'tar',
};

/**
 * Whether this machine can run an embedded host, with what is missing installed where that can be done.
 * @throws SubletError `HOST_UNSUPPORTED` when it never can, `HOST_SETUP` when something must be installed by hand
 */
export async function checkMachine(steps: StepReporter): Promise<void> {
  if (process.platform !== 'linux') {
    throw new SubletError('HOST_UNSUPPORTED', `the embedded host cluster needs Linux; this is ${process.platform}`, {
      hint: 'Use a cluster of your own with --context, or kind or k3d.',
    });
  }
  if (process.getuid?.() !== 0) {
    throw new SubletError('HOST_UNSUPPORTED', 'the embedded host cluster needs root: it makes namespaces and cgroups', {
      hint: 'Run as root, or use a cluster of your own with --context.',
    });
  }
  const missing = await missingPackages();
  if (missing.length > 0) await installPackages(missing, 'the embedded host cluster', steps);
}

async function missingPackages(): Promise<string[]> {
  const absent = await Promise.all(
    Object.entries(PROGRAMS).map(async ([program, name]) => {
      const found = await runCommand(['sh', '-c', `command -v ${program}`]);
      return found.code === 0 ? [] : [name];
    }),
  );
  return [...new Set(absent.flat())];
}
