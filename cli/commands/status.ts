import type { Command } from 'commander';
import { type BackupStatus, toSubletError } from '../../lib/contract';
import { readBackupStatus } from '../backup/declared-store';
import type { Bind } from '../bind';
import type { AccessTarget } from '../cluster/access';
import { requireCluster } from '../cluster/find';
import { describeMissing } from '../cluster/missing';
import { type QuotaUsage, readQuotaUsage } from '../cluster/quota-usage';
import { summarize } from '../cluster/summary';
import { readFacts } from '../cluster/wait';
import type { Session } from '../session';
import { EXIT } from '../terminal/errors';
import { findTunnel } from '../tunnel/start';
import { tunnelDirectory } from '../tunnel/state';
import { clusterColumns } from './list';
import { checkName, namespaceOption } from './options';

/** Adds `sublet status`. */
export function registerStatus(program: Command, bind: Bind): void {
  const command = program
    .command('status <name>')
    .description('show how a virtual cluster is and what it lacks; exit code 3 while it is not ready')
    .addOption(namespaceOption())
    .addHelpText('after', HELP);
  bind(command, status);
}

async function status(session: Session, command: Command): Promise<number> {
  const name = checkName(command.args[0]);
  const options = command.opts<{ readonly namespace?: string }>();
  const api = session.api();
  const found = await requireCluster(api, name, options.namespace, { signal: session.signal, timeoutMs: 10_000 });
  const { namespace } = found;
  const missing = describeMissing(await readFacts(api, name, namespace, session.signal));
  const target = { cluster: name, namespace, hostServer: api.server };
  const backup = await readBackupStatus(api, found, session.signal).catch(() => ({}));
  const connected = (await findTunnel(tunnelDirectory(session.env), target)) !== undefined;
  const quota = missing.length > 0 ? [] : await quotaOf(session, { name, namespace });
  session.report({
    kind: 'Cluster',
    single: true,
    items: [{ ...summarize(found), connected, missing, quota, backup }],
    columns: clusterColumns(session.now()),
    empty: '',
  });
  if (session.globals.output === 'table' && quota.length > 0) {
    const lines = quota.map(({ resource, used, hard }) => `  ${resource}: ${used} of ${hard}\n`);
    session.out(`\nQuota used:\n${lines.join('')}`);
  }
  if (session.globals.output === 'table' && missing.length > 0) {
    session.out(`\nNot ready:\n${missing.map((entry) => `  ${entry}\n`).join('')}`);
  }
  if (session.globals.output === 'table') session.out(backupLines(backup));
  return missing.length === 0 ? EXIT.ok : EXIT.notReady;
}

/** How the cluster is does not depend on whether its quota can be read. */
async function quotaOf(session: Session, target: AccessTarget): Promise<readonly QuotaUsage[]> {
  try {
    return await readQuotaUsage(session, target);
  } catch (error) {
    session.progress.detail(`the quota could not be read: ${toSubletError(error, 'API_ERROR').message}`);
    return [];
  }
}

/** What is known of the backups, where there are any. */
function backupLines({ last, failure }: BackupStatus): string {
  const stored = last === undefined ? '' : `\nLast backup: ${last.takenAt}, ${last.key}\n`;
  const failed = failure === undefined ? '' : `\nBackups fail since ${failure.at}: ${failure.message}\n`;
  return `${stored}${failed}`;
}

const HELP = `
Examples:
  $ sublet status team-a
  $ until sublet status team-a > /dev/null; do sleep 1; done
`;
