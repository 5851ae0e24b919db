import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { issueAuthority, issueLeaf } from '../../../syncer/bootstrap/pki/issue';

/** Stands between a syncer and the host's API server, and can keep from its watches that anything changes. */
export interface Blindfold {
  /** Port on the sandbox's loopback. */
  readonly port: number;
  /** The authority that its certificate is to be checked against. */
  readonly authority: string;
  /** From now on watches tell of no change (`true`), or of every new one (`false`). What they kept back is lost. */
  put(on: boolean): Promise<void>;
  /** What was kept back: `DELETED Secret web`. */
  readonly swallowed: ReadonlySet<string>;
  close(): void;
}

/** What the program in the sandbox is told first. */
export interface BlindfoldSettings {
  readonly port: number;
  /** URL of the host's API server. */
  readonly server: string;
  /** The host's authority, PEM. */
  readonly authority: string;
  /** Its own certificate and key, PEM. */
  readonly cert: string;
  readonly key: string;
}

/** What it is told later. */
export interface BlindfoldOrder {
  readonly on: boolean;
}

/** What it answers: that an order is carried out, or what it has kept back. */
export type BlindfoldReport = { readonly done: true } | { readonly swallowed: string };

const PORT = 16443;

/**
 * Starts one in a sandbox.
 * @param inside the words before a command that put it into the sandbox
 * @param root the repository's folder, as seen in the sandbox
 */
export async function startBlindfold(
  inside: readonly string[],
  root: string,
  host: Pick<BlindfoldSettings, 'server' | 'authority'>,
): Promise<Blindfold> {
  const sources = { now: () => new Date(), random: (bytes: number) => randomBytes(bytes) };
  const authority = issueAuthority({ commonName: 'blindfold' }, sources);
  const leaf = issueLeaf({ commonName: 'host', usage: 'server', sans: ['127.0.0.1'] }, authority, sources);
  const [execPath = '', ...words] = inside;
  const program = join(root, 'test/api/support/blindfold-program.ts');
  const child = fork(join(root, 'scripts/run-ts.cjs'), [program], {
    execPath,
    // Whoever enters the sandbox has a working directory that is not in it.
    execArgv: [...words, 'env', '--chdir=/', process.execPath],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const swallowed = new Set<string>();
  child.on('message', (report: BlindfoldReport) => {
    if ('swallowed' in report) swallowed.add(report.swallowed);
  });
  await tell(child, { ...host, ...leaf, port: PORT } satisfies BlindfoldSettings);
  return {
    port: PORT,
    authority: authority.cert,
    put: (on) => tell(child, { on } satisfies BlindfoldOrder),
    swallowed,
    close: () => void child.kill('SIGKILL'),
  };
}

async function tell(child: ChildProcess, message: BlindfoldSettings | BlindfoldOrder): Promise<void> {
  const done = new Promise<void>((resolve) => {
    const listen = (report: BlindfoldReport): void => {
      if (!('done' in report)) return;
      child.off('message', listen);
      resolve();
    };
    child.on('message', listen);
  });
  child.send(message);
  await done;
}
