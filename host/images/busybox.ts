import { access, constants } from 'node:fs/promises';
import { installPackages } from '../binaries/ensure';
import { runChecked } from '../process/command';
import type { StepReporter } from '../steps';
import { program, type RootfsEntry } from './rootfs';

/** A statically linked busybox of this machine. */
export interface Busybox {
  readonly path: string;
  readonly applets: readonly string[];
}

const PATHS = ['/bin/busybox', '/usr/bin/busybox'];

/**
 * Applets that resolve names crash in a busybox that is statically linked with glibc, as Debian's is: they are left out,
 * so that tests meet "not found" and not a segmentation fault.
 */
const NETWORK_APPLETS = new Set(
  'arping ftpget ftpput nc nslookup ntpd ping ping6 rdate ssl_client telnet tftp traceroute traceroute6 wget whois'.split(
    ' ',
  ),
);

/** Finds busybox, or installs it where this is Debian. @throws SubletError `HOST_SETUP` */
export async function ensureBusybox(steps: StepReporter): Promise<Busybox> {
  let path = await findBusybox();
  if (path === undefined) {
    await installPackages(['busybox-static'], 'making the images of busybox and agnhost', steps);
    path = await findBusybox();
  }
  const found = path ?? '/bin/busybox';
  const applets = (await runChecked([found, '--list'])).split('\n').filter((applet) => /^[a-z0-9[]/i.test(applet));
  return { path: found, applets };
}

/** busybox in `/bin` with a link for each applet. */
export function busyboxEntries({ path, applets }: Busybox): RootfsEntry[] {
  const linked = applets.filter((applet) => applet !== 'busybox' && !NETWORK_APPLETS.has(applet));
  return [
    program('bin/busybox', path),
    ...linked.map((applet) => ({ kind: 'symlink' as const, path: `bin/${applet}`, target: 'busybox' })),
  ];
}

/** One that is linked dynamically does not run in an image of its own. */
async function findBusybox(): Promise<string | undefined> {
  for (const path of PATHS) {
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable && (await isStatic(path))) return path;
  }
  return undefined;
}

async function isStatic(path: string): Promise<boolean> {
  // ldd fails on a static program.
  return runChecked(['ldd', path]).then(
    () => false,
    () => true,
  );
}
