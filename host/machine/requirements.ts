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

/** Why no embedded host can ever run here; `undefined` when one can. */
export function embeddingObstacle(): string | undefined {
  if (process.platform !== 'linux') return `it needs Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'it needs root, to make namespaces and cgroups';
  return undefined;
}

/**
 * Installs what an embedded host needs of this machine and is missing, where that can be done.
 * @throws SubletError `HOST_SETUP` when something must be installed by hand
 */
export async function checkMachine(steps: StepReporter): Promise<void> {
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
