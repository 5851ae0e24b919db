import type { EngineEvent, OutputMap, PulumiFn, Stack } from '@pulumi/pulumi/automation';

/** What the engine did, or would do, with one resource. */
export interface Step {
  /** Where it stands among all beginnings and ends of a run. */
  readonly order: number;
  /** `create`, `update`, `same`, `replace`, `delete`, `read` … */
  readonly op: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** The type without its parents: `kubernetes:core/v1:Secret`. */
  readonly type: string;
  /** Properties that differ: `spec.replicas`. */
  readonly changed: readonly string[];
  /** What the program asked for; secrets are hidden. */
  readonly inputs: { readonly [name: string]: unknown };
}

/** One run of the engine. */
export interface EngineRun {
  /** In the order in which they began. */
  readonly begun: readonly Step[];
  /** In the order in which they ended. */
  readonly ended: readonly Step[];
  /** How many resources had which fate: `{ create: 3, same: 1 }`. */
  readonly changes: { readonly [op: string]: number };
}

/** A stack whose program can change. Every run throws where the engine reports an error. */
export interface TestStack extends AsyncDisposable {
  readonly stack: Stack;
  /** The program of the next runs. */
  program(program: PulumiFn): void;
  preview(): Promise<EngineRun>;
  up(): Promise<EngineRun & { readonly outputs: OutputMap }>;
  refresh(): Promise<EngineRun>;
  destroy(): Promise<EngineRun>;
}

/** The resources whose fate in a run is another than to stay as they are, as `<op> <name>`. */
export function changesOf({ ended }: EngineRun): readonly string[] {
  return [
    ...new Set(ended.filter(({ op }) => op !== 'same' && op !== 'read').map(({ op, name }) => `${op} ${name}`)),
  ].sort();
}

/** Watches over a stack's runs. Disposing of it destroys what it still holds. */
export function createTestStack(stack: Stack): TestStack {
  let empty = true;
  const destroy = async (): Promise<EngineRun> => {
    const run = recorder();
    await stack.destroy(run.options);
    empty = true;
    return run.recorded();
  };
  return {
    stack,
    program: (program) => {
      stack.workspace.program = program;
    },
    preview: async () => {
      const run = recorder();
      await stack.preview(run.options);
      return run.recorded();
    },
    up: async () => {
      const run = recorder();
      empty = false;
      const { outputs } = await stack.up(run.options);
      return { ...run.recorded(), outputs };
    },
    refresh: async () => {
      const run = recorder();
      await stack.refresh(run.options);
      return run.recorded();
    },
    destroy,
    async [Symbol.asyncDispose]() {
      if (!empty) await destroy();
      await stack.workspace.removeStack(stack.name);
    },
  };
}

function recorder() {
  const begun: Step[] = [];
  const ended: Step[] = [];
  let changes: { readonly [op: string]: number } = {};
  const next = (): number => begun.length + ended.length;
  const onEvent = (event: EngineEvent): void => {
    if (event.resourcePreEvent) begun.push(stepOf(event.resourcePreEvent.metadata, next()));
    if (event.resOutputsEvent) ended.push(stepOf(event.resOutputsEvent.metadata, next()));
    if (event.summaryEvent) changes = event.summaryEvent.resourceChanges;
  };
  return {
    options: { onEvent, color: 'never' as const },
    recorded: (): EngineRun => ({ begun, ended, changes }),
  };
}

type Metadata = NonNullable<EngineEvent['resourcePreEvent']>['metadata'];

function stepOf({ op, urn, type, detailedDiff, new: after }: Metadata, order: number): Step {
  const name = urn.slice(urn.lastIndexOf('::') + 2);
  return { order, op, name, type, changed: Object.keys(detailedDiff ?? {}), inputs: after?.inputs ?? {} };
}
