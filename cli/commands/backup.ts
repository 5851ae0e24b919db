import type { Command } from 'commander';
import { SubletError } from '../../lib/contract';
import { sealed } from '../../syncer/backup/archive/archive';
import { type ListedBackup, openDeclaredStore } from '../backup/declared-store';
import { checkBackup, fileBytes, readPassphrase, writePrivately } from '../backup/local-file';
import { SYNCER_PROGRAM } from '../backup/restore';
import type { Bind } from '../bind';
import { requireCluster } from '../cluster/find';
import { execStream } from '../kube/exec-stream';
import type { Session } from '../session';
import { during } from '../terminal/progress';
import { checkName, namespaceOption } from './options';

interface CreateOptions {
  readonly namespace?: string;
  /** Where the backup goes: `--file`, since `--output` is the format of what is printed. */
  readonly file?: string;
  readonly passphraseFile?: string;
  /** `false` after `--no-keys`. */
  readonly keys: boolean;
}

/** Adds `sublet backup`. */
export function registerBackup(program: Command, bind: Bind): void {
  const group = program
    .command('backup')
    .description("save a virtual cluster's store, or see what is saved")
    .addHelpText('after', '\nExamples:\n  $ sublet backup create team-a\n  $ sublet backup list team-a\n');
  const create = group
    .command('create <name>')
    .description('save the store as it is now into a file of this machine')
    .addOption(namespaceOption())
    .option('-f, --file <path>', 'where to (default: NAME-TIME.backup)')
    .option('--passphrase-file <path>', 'encrypt it with the passphrase in this file')
    .option('--no-keys', "leave out the control plane's own keys")
    .addHelpText('after', CREATE_HELP);
  bind(create, createBackup);
  const list = group
    .command('list <name>')
    .alias('ls')
    .description('list the backups in the object store that is declared')
    .addOption(namespaceOption())
    .addHelpText('after', '\nExamples:\n  $ sublet backup list team-a\n');
  bind(list, listBackups);
}

async function createBackup(session: Session, command: Command): Promise<undefined> {
  const name = checkName(command.args[0]);
  const options = command.opts<CreateOptions>();
  const { signal } = session;
  const api = session.api();
  const passphrase = await readPassphrase(options.passphraseFile);
  const { namespace } = await requireCluster(api, name, options.namespace, { signal });
  const time = new Date(session.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const path = options.file ?? `${name}-${time}.backup`;
  const row = await during(session.progress, `Saving ${name}`, async (step) => {
    const target = { namespace, pod: `${name}-0`, container: 'syncer' };
    const words = [...SYNCER_PROGRAM, 'backup', options.keys ? 'with-keys' : 'without-keys'];
    const { stdout, end } = await execStream(api, target, words, undefined, signal);
    const size = await writePrivately(path, sealed(stdout, passphrase)).catch(async (error: unknown) => {
      const { stderr } = await end;
      throw stderr === '' ? error : new SubletError('API_ERROR', `the store could not be read: ${stderr.trim()}`);
    });
    const { exitCode, stderr } = await end;
    if (exitCode !== 0) throw new SubletError('API_ERROR', `the store could not be read: ${stderr.trim()}`);
    const { keys, header } = await checkBackup(fileBytes(path), passphrase);
    step.done(`Saved ${name} into ${path}`);
    return { file: path, takenAt: header.takenAt, size, keys, encrypted: passphrase !== undefined };
  });
  session.report({
    kind: 'Backup',
    single: true,
    items: [row],
    columns: [
      { title: 'FILE', value: ({ file }) => file },
      { title: 'SIZE', value: ({ size }) => formatSize(size) },
      { title: 'KEYS', value: ({ keys }) => String(keys) },
      { title: 'ENCRYPTED', value: ({ encrypted }) => (encrypted ? 'yes' : 'no') },
    ],
    empty: '',
  });
  if (passphrase === undefined) {
    session.progress.note(
      'Whoever reads this file can become anybody in the cluster: encrypt it with --passphrase-file.',
    );
  }
  return undefined;
}

async function listBackups(session: Session, command: Command): Promise<undefined> {
  const name = checkName(command.args[0]);
  const { namespace } = command.opts<{ readonly namespace?: string }>();
  const { signal } = session;
  const api = session.api();
  const store = await openDeclaredStore(api, await requireCluster(api, name, namespace, { signal }), signal);
  session.report<ListedBackup>({
    kind: 'BackupList',
    items: await store.list(),
    columns: [
      { title: 'BACKUP', value: ({ key }) => key },
      { title: 'TAKEN', value: ({ takenAt }) => takenAt },
      { title: 'SIZE', value: ({ size }) => formatSize(size) },
    ],
    empty: 'There is no backup yet.',
  });
  return undefined;
}

/** `1.4 MiB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1 << 10) return `${bytes} B`;
  return bytes < 1 << 20 ? `${(bytes / (1 << 10)).toFixed(1)} KiB` : `${(bytes / (1 << 20)).toFixed(1)} MiB`;
}

const CREATE_HELP = `
All keys are read at one moment, while the cluster goes on.

Examples:
  $ sublet backup create team-a
  $ sublet backup create team-a -f team-a.backup --passphrase-file passphrase.txt
`;
