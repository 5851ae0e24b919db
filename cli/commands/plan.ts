import { type Command, Option } from 'commander';
import { type Plan, planChanges } from '../../lib/manifests';
import type { Bind } from '../bind';
import { type DeclarationInputs, manifestsOf, type ReadSpec, readSpec } from '../cluster/declaration';
import { servesMetrics } from '../cluster/host-metrics';
import { checkReachable } from '../cluster/preflight';
import { formatPlan } from '../plan/format-plan';
import { readRunning } from '../plan/running-objects';
import type { Session } from '../session';
import { EXIT } from '../terminal/errors';
import { during } from '../terminal/progress';
import { addDeclarationOptions } from './create';
import { collect } from './options';

interface PlanCommandOptions extends DeclarationInputs {
  readonly from: readonly string[];
  readonly exitCode?: boolean;
}

/** A plan, as programs read it. */
export interface ReportedPlan extends Plan {
  readonly name: string;
  readonly namespace: string;
  /** What the reader should know besides. */
  readonly notes: readonly string[];
}

/** Adds `sublet plan`. */
export function registerPlan(program: Command, bind: Bind): void {
  const command = addDeclarationOptions(program.command('plan [name]'))
    .description('show what a declaration would change, grouped by effect; changes nothing')
    .addOption(
      new Option('--from <file>', 'compare with this declaration instead of the host')
        .argParser(collect)
        .default([], 'the host'),
    )
    .option('--exit-code', 'end with 0 where nothing differs, 2 where something does, 1 on any error')
    .addHelpText('after', HELP);
  bind(command, plan, { errorCode: (options) => (options.exitCode === true ? EXIT.failure : undefined) });
}

async function plan(session: Session, command: Command): Promise<number | undefined> {
  const options = command.opts<PlanCommandOptions>();
  const read = await readSpec(command.args[0], options);
  const { spec } = read;
  const { notes, ...found } =
    options.from.length > 0 ? await planFrom(read, options) : await planOnHost(session, read, command);
  report(session, { name: spec.name, namespace: spec.namespace, ...found, notes });
  const differs = found.changes.some(({ effect }) => effect !== 'none');
  return options.exitCode === true && differs ? EXIT.differs : undefined;
}

type Found = Plan & Pick<ReportedPlan, 'notes'>;

async function planFrom(read: ReadSpec, { from, namespace }: PlanCommandOptions): Promise<Found> {
  const { spec } = read;
  const before = await readSpec(undefined, { values: from, set: [], defaultName: spec.name });
  const notes =
    before.spec.namespace !== spec.namespace && namespace !== undefined
      ? [`--namespace counts for the new declaration alone: the old one says "${before.spec.namespace}".`]
      : [];
  return { ...planChanges(manifestsOf(read), manifestsOf(before), { current: 'declared' }), notes };
}

async function planOnHost(session: Session, declared: ReadSpec, command: Command): Promise<Found> {
  return during(
    session.progress,
    `Comparing with ${declared.spec.name} in namespace ${declared.spec.namespace}`,
    async (step) => {
      const api = session.api();
      await checkReachable(api, session.signal);
      // As `create`, which asks a host without measurements for none.
      const read = (await servesMetrics(api, session.signal))
        ? declared
        : await readSpec(declared.spec.name, { ...command.opts<PlanCommandOptions>(), hostMetrics: false });
      const { desired, current, notes } = await readRunning(api, read.whole, manifestsOf(read), session.signal);
      step.done(`Compared with ${read.spec.name} in namespace ${read.spec.namespace}`);
      return { ...planChanges(desired, current), notes };
    },
  );
}

function report(session: Session, item: ReportedPlan): void {
  if (session.globals.output === 'table') {
    session.out(formatPlan(item, session.outStyle));
    for (const note of item.notes) session.progress.note(note);
    if (item.summary.delete > 0) session.progress.note(KEPT);
  } else session.report({ kind: 'Plan', single: true, items: [item], columns: [], empty: '' });
}

const KEPT =
  '`sublet create --upgrade` deletes nothing: what is declared no more is for you, or your GitOps tool, to remove.';

const HELP = `
Effects, the gravest first: data loss, recreate (a field that Kubernetes lets nobody change), restart (of the
control plane's pod), live change, create, delete.

Examples:
  $ sublet plan team-a -f team-a.yaml                        against what runs on the host
  $ sublet plan team-a -f new.yaml --from old.yaml           against another declaration, without any cluster
  $ sublet plan team-a -f team-a.yaml --exit-code            for scripts: 2 where something differs
  $ sublet plan team-a -o json | jq '.changes[] | select(.effect == "dataLoss")'
`;
