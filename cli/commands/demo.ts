import type { Command } from 'commander';
import { SubletError } from '../../lib/contract';
import type { Bind } from '../bind';
import type { Declaration } from '../cluster/declaration';
import { openInside } from '../cluster/inside';
import { synthesizeExample } from '../demo/example';
import { type DemoHost, prepareHost, syncerImageOf } from '../demo/host';
import { createWorkload, waitForWorkload } from '../demo/run-workload';
import { showExec, showLogs, showRequest, showViews } from '../demo/show';
import { openSession, type Session } from '../session';
import { provideSyncerImage } from '../syncer-image';
import { during } from '../terminal/progress';
import { apply, check, wait } from './create-steps';
import { deleteCluster } from './delete';
import { timeoutOption } from './options';

const TEARDOWN_MS = 3 * 60_000;

interface DemoOptions {
  readonly keep?: boolean;
  readonly hostName: string;
  readonly timeout: number;
}

/** What the demo made so far, and so has to remove. */
interface Made {
  host?: DemoHost;
  cluster?: Omit<Declaration, 'yaml'>;
}

/** Adds `sublet demo`. */
export function registerDemo(program: Command, bind: Bind): void {
  const command = program
    .command('demo')
    .description('show everything once: a host, a virtual cluster, a workload in it; removes it all afterwards')
    .option('--keep', 'leave host and virtual cluster as they are at the end')
    .option('--host-name <name>', 'name of the embedded host cluster', 'demo')
    .addOption(timeoutOption('3m'))
    .addHelpText('after', HELP);
  bind(command, demo);
}

async function demo(session: Session, command: Command): Promise<undefined> {
  const options = command.opts<DemoOptions>();
  const made: Made = {};
  try {
    await run(session, options, made);
  } catch (error) {
    // Said before the teardown, which may take a while or fail itself.
    session.progress.close();
    const said = options.keep === true ? 'leaving what it made' : 'removing what it made';
    session.progress.note(`\n${session.errStyle.red('The demo ended early')}; ${said}. Why stands below.`);
    await tearDown(session, options, made).catch((failure) => session.progress.note(String(failure)));
    throw options.keep === true ? error : withoutNextSteps(error, session);
  }
  if (options.keep === true) sayHowToGoOn(session, options, made);
  else {
    stage(session, 6, 'Remove everything again');
    await tearDown(session, options, made);
    session.progress.note(`\nThat was all. Keep it next time: ${session.errStyle.bold('sublet demo --keep')}`);
  }
  return undefined;
}

async function run(session: Session, options: DemoOptions, made: Made): Promise<void> {
  stage(session, 1, 'A host cluster');
  const host = await prepareHost(session, options.hostName);
  made.host = host;
  const onHost = host.session;

  stage(session, 2, 'A virtual cluster, declared in TypeScript');
  const { declaration, source } = await synthesizeExample(session.packageRoot, session.signal);
  const { name, namespace, objects } = declaration;
  session.progress.step('Synthesizing').done(`Synthesized ${objects.length} objects from ${source}`);
  if (host.handle !== undefined) await provideSyncerImage(session, host.handle, syncerImageOf(objects));
  const found = await check(onHost, declaration, { createNamespace: true });
  made.cluster = declaration;
  await apply(onHost, declaration, found);
  await wait(onHost, declaration, options.timeout);

  stage(session, 3, 'A Deployment, a Service and a ConfigMap inside it');
  const inside = await openInside(onHost, { name, namespace });
  try {
    session.progress.note(`  its API server answers: Kubernetes ${inside.version}`);
    const pod = await during(session.progress, 'Creating them and waiting for the pods', async (step) => {
      await createWorkload(inside.api, session.signal);
      const pods = await waitForWorkload(inside.api, step, options.timeout, session.signal);
      step.done('Two pods run as containers of the host');
      return pods[0] ?? '';
    });

    stage(session, 4, 'The same things from both sides');
    await showViews(onHost, { name, namespace }, inside.api);

    stage(session, 5, 'Working in it');
    await showLogs(session, inside.api, pod);
    await showExec(session, inside.api, pod);
    await showRequest(session, inside.api, pod);
  } finally {
    await inside.close();
  }
}

/** Removes the virtual cluster and the host where the demo made them; also after Ctrl-C, so with a signal of its own. */
async function tearDown(session: Session, options: DemoOptions, { host, cluster }: Made): Promise<void> {
  if (options.keep === true || host === undefined) return;
  const signal = AbortSignal.timeout(TEARDOWN_MS);
  const last = openSession({ ...session, signal }, host.session.globals);
  try {
    if (cluster !== undefined) await deleteCluster(last, cluster, { timeout: TEARDOWN_MS });
  } finally {
    host.session.close();
    await host.remove?.(last);
    last.close();
  }
}

function sayHowToGoOn(session: Session, { hostName }: DemoOptions, { host, cluster }: Made): void {
  const { bold } = session.errStyle;
  const lines = [
    '',
    'Go on:',
    ...(host?.handle === undefined ? [] : [bold(`  export KUBECONFIG=${host.handle.kubeconfig}`)]),
    bold(`  sublet connect ${cluster?.name} -n ${cluster?.namespace} -- kubectl get pods -A`),
    'Remove it:',
    bold(`  sublet delete ${cluster?.name} -n ${cluster?.namespace}`),
    ...(host?.remove === undefined ? [] : [bold(`  sublet host down --name ${hostName}`)]),
  ];
  for (const line of lines) session.progress.note(line);
}

/** Advice about what is removed by now would mislead. */
function withoutNextSteps(error: unknown, { signal }: Session): unknown {
  if (signal.aborted) return new SubletError('INTERRUPTED', 'the demo was stopped; what it made is removed');
  if (!(error instanceof SubletError)) return error;
  const hint = 'leave everything in place to look closer: sublet demo --keep';
  return new SubletError(error.code, error.message, { cause: error, hint });
}

function stage(session: Session, number: number, title: string): void {
  const { bold, cyan } = session.errStyle;
  session.progress.note(`\n${cyan(`[${number}/6]`)} ${bold(title)}`);
}

const HELP = `
Without --context or --kubeconfig an embedded host cluster is booted (Linux, root), which needs no Docker.

Examples:
  $ sublet demo
  $ sublet demo --keep
  $ sublet demo --context kind-dev   on a cluster that you have; the syncer's image must be there
`;
