import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { ANNOTATIONS, SubletError } from '../../lib/contract';
import { openDeclaredStore } from '../backup/declared-store';
import { type BackupBytes, type CheckedBackup, checkBackup, fileBytes, readPassphrase } from '../backup/local-file';
import { acceptStore, leaseAnnotations, restore } from '../backup/restore';
import { restoreGround } from '../backup/restore-pod';
import type { Bind } from '../bind';
import { type FoundCluster, requireCluster } from '../cluster/find';
import { waitForReady } from '../cluster/wait';
import type { Session } from '../session';
import { during } from '../terminal/progress';
import { checkName, namespaceOption, timeoutOption } from './options';

interface RestoreFlags {
  readonly namespace?: string;
  readonly from?: string;
  /** A key, or `true` for the latest. */
  readonly fromStore?: string | true;
  readonly passphraseFile?: string;
  readonly asNew?: boolean;
  readonly accept?: boolean;
  readonly yes?: boolean;
  readonly timeout: number;
}

/** Adds `sublet restore`. */
export function registerRestore(program: Command, bind: Bind): void {
  const command = program
    .command('restore <name>')
    .description("put a backup in place of a virtual cluster's store")
    .addOption(namespaceOption())
    .option('--from <file>', 'a backup in a file')
    .option('--from-store [backup]', 'a backup in the object store that is declared (default: the latest)')
    .option('--passphrase-file <path>', 'the passphrase of an encrypted file')
    .option('--as-new', 'load a backup of another cluster, or of one that was lost')
    .option('--accept', 'delete on the host what the restored store does not know')
    .option('-y, --yes', 'do not ask (without a terminal nothing is asked)')
    .addOption(timeoutOption('5m'))
    .addHelpText('after', HELP);
  bind(command, runRestore);
}

async function runRestore(session: Session, command: Command): Promise<undefined> {
  const name = checkName(command.args[0]);
  const flags = command.opts<RestoreFlags>();
  const { signal } = session;
  const api = session.api();
  const cluster = await requireCluster(api, name, flags.namespace, { signal });
  const source = await sourceOf(session, cluster, flags);
  if (source === undefined) {
    if (flags.accept !== true) throw new SubletError('USAGE', 'say what to restore: --from FILE or --from-store');
    await acceptStore(api, cluster, signal);
    session.progress.note(`The store of ${name} is accepted: what it does not know goes from the host.`);
    return undefined;
  }
  const ground = restoreGround(cluster);
  const backup = await during(session.progress, 'Checking the backup', () =>
    checkBackup(source.bytes, source.passphrase),
  );
  const remembered = await leaseAnnotations(api, cluster, signal);
  refuseForeign(cluster, backup, remembered?.[ANNOTATIONS.clusterUid], flags.asNew === true);
  if (session.stdinIsTty && flags.yes !== true) await confirm(session, cluster, backup);
  await during(session.progress, `Restoring ${name}`, async (step) => {
    const onStep = (text: string): void => step.update(text);
    const { timeout: timeoutMs } = flags;
    await restore({ api, cluster, ground, ...source, backup, signal, timeoutMs, onStep });
    if (flags.accept === true) await acceptStore(api, cluster, signal);
    const { namespace } = cluster;
    await waitForReady({
      api,
      name,
      namespace,
      timeoutMs,
      signal,
      onMissing: ([first]) => first && step.update(first),
    });
    step.done(`Restored ${name} as it was at ${backup.header.takenAt}`);
  });
  session.report({
    kind: 'Restore',
    single: true,
    items: [{ name, takenAt: backup.header.takenAt, keys: backup.keys, accepted: flags.accept === true }],
    columns: [
      { title: 'NAME', value: (row) => row.name },
      { title: 'TAKEN', value: (row) => row.takenAt },
      { title: 'KEYS', value: (row) => String(row.keys) },
    ],
    empty: '',
  });
  if (flags.accept !== true) {
    session.progress.note(
      `Pods on the host that are younger than the backup run on. Once you have looked: sublet restore ${name} --accept`,
    );
  }
  return undefined;
}

interface Source {
  readonly bytes: BackupBytes;
  readonly passphrase: string | undefined;
}

async function sourceOf(session: Session, cluster: FoundCluster, flags: RestoreFlags): Promise<Source | undefined> {
  const { signal } = session;
  const passphrase = await readPassphrase(flags.passphraseFile);
  if (flags.from !== undefined) return { bytes: fileBytes(flags.from), passphrase };
  if (flags.fromStore === undefined) return undefined;
  const store = await openDeclaredStore(session.api(), cluster, signal);
  const key = flags.fromStore === true ? (await store.list()).at(-1)?.key : flags.fromStore;
  if (key === undefined) throw new SubletError('USAGE', 'the object store holds no backup of this cluster');
  async function* bytes(wanted: string): AsyncGenerator<Buffer> {
    yield* await store.bucket.get(wanted, signal);
  }
  return { bytes: () => bytes(key), passphrase: passphrase ?? store.passphrase };
}

/** A backup of another cluster would bring objects whose host copies belong to that one. */
function refuseForeign(
  { name }: FoundCluster,
  { header }: CheckedBackup,
  uid: string | undefined,
  asNew: boolean,
): void {
  if (asNew || (header.cluster === name && (uid === undefined || uid === header.uid))) return;
  const whose = header.cluster === name ? `an earlier "${name}"` : `"${header.cluster}"`;
  throw new SubletError('BACKUP_INVALID', `the backup is of ${whose}, not of this cluster`, {
    hint: 'load it all the same with --as-new: this cluster loses its own content',
  });
}

async function confirm(session: Session, { name, namespace }: FoundCluster, { header }: CheckedBackup): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: session.stderr });
  try {
    const what = `"${name}" in ${namespace} on ${session.api().contextName}`;
    const question = `Put ${what} back to ${header.takenAt}? What changed since is lost. [y/N] `;
    if (/^y(es)?$/i.test((await lines.question(question, { signal: session.signal })).trim())) return;
  } finally {
    lines.close();
  }
  throw new SubletError('INTERRUPTED', 'nothing was restored');
}

const HELP = `
The API server stops meanwhile; pods on the host run on. Objects keep their names and UIDs and get new resource versions.
Where loading fails, the old store is put back.

Examples:
  $ sublet restore team-a --from team-a.backup
  $ sublet restore team-a --from-store
  $ sublet restore team-a --accept
`;
