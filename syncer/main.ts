import { SubletError, toSubletError } from '../lib/contract';

/**
 * The program of the syncer's image: `init` prepares the control plane, `run` syncs, `hosts` writes a hosts file, `backup`
 * and `restore` are what `sublet backup` and `sublet restore` run.
 */
async function main([command, ...words]: readonly string[]): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => stop.abort(new SubletError('INTERRUPTED', `stopped by ${name}`)));
  }
  switch (command) {
    case 'init':
      return (await import('./app/init.js')).initControlPlane(process.env, stop.signal);
    case 'run': {
      const { readEnvironment } = await import('./app/environment.js');
      const { runSyncer } = await import('./app/run.js');
      const env = readEnvironment(process.env);
      // In this process: a kubelet lets a container wait longer each time that it ends.
      while ((await runSyncer(env, stop.signal)) === 'reconfigured' && !stop.signal.aborted);
      return;
    }
    case 'hosts':
      return (await import('./pods/hosts-command.js')).runHostsCommand(process.env);
    case 'backup':
      return (await import('./backup/commands.js')).runBackupCommand(process.env, words, stop.signal);
    case 'restore':
      return (await import('./backup/commands.js')).runRestoreCommand(words, stop.signal);
    default:
      throw new SubletError('USAGE', `unknown command ${command ?? '(none)'}: use init, run, hosts, backup or restore`);
  }
}

main(process.argv.slice(2)).catch((thrown: unknown) => {
  const { code, message, hint } = toSubletError(thrown, 'API_ERROR');
  if (code === 'INTERRUPTED') return;
  process.stderr.write(`${JSON.stringify({ level: 'error', code, msg: message, hint })}\n`);
  process.exitCode = 1;
});
