import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import type { Container, PodSpec } from 'kubernetes-types/core/v1';
import type { Sandbox } from './sandbox';

/** What a kubelet knows about a pod when it starts its containers. */
export interface PodFacts {
  readonly spec: PodSpec;
  readonly name: string;
  readonly namespace: string;
  readonly ip: string;
  /** The value of a key of a Secret in the pod's namespace. */
  secret(name: string, key: string): Promise<string>;
  /** Program and first arguments of an image: its entrypoint. */
  entrypoint(image: string, command: string | undefined): readonly string[];
  /** What the kubelet and the image add to the environment. */
  readonly environment: { readonly [name: string]: string };
}

/** A container as a process: started again whenever it ends, as a kubelet would, until it is held. */
export interface RunningContainer {
  readonly name: string;
  /** How often it has been started. */
  readonly starts: number;
  signal(signal: NodeJS.Signals): void;
  /** Its command line, as the system tells it of the running process. */
  commandLine(): Promise<string>;
  /** Kills it (SIGKILL) and does not start it again before {@link resume}. */
  kill(): Promise<void>;
  resume(): Promise<void>;
}

/** How long an ended container rests before it is started again, in milliseconds. */
const RESTART_AFTER_MS = 200;

/** Runs an init container to its end. Throws with what it said when it fails. */
export async function runInitContainer(
  sandbox: Sandbox,
  container: Container,
  pod: PodFacts,
  log: string,
): Promise<void> {
  const child = await start(sandbox, container, pod, log);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code === 0) return;
  const said = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-3).join('\n');
  throw new Error(`init container ${container.name} ended with ${code}: ${said}`);
}

/** Starts a container. */
export async function runContainer(
  sandbox: Sandbox,
  container: Container,
  pod: PodFacts,
  log: string,
): Promise<RunningContainer> {
  let starts = 0;
  let holds = 0;
  let current: ChildProcess;
  const launch = async (): Promise<void> => {
    const hold = holds;
    const child = await start(sandbox, container, pod, log);
    current = child;
    starts += 1;
    // Killed while it was being started.
    if (hold !== holds) child.kill('SIGKILL');
    child.once('exit', () => {
      setTimeout(() => {
        if (hold === holds) void launch();
      }, RESTART_AFTER_MS).unref();
    });
  };
  await launch();
  return {
    name: container.name,
    get starts() {
      return starts;
    },
    signal: (signal) => void current.kill(signal),
    commandLine: async () => (await readFile(`/proc/${current.pid}/cmdline`, 'utf8')).replaceAll('\0', ' '),
    async kill() {
      holds += 1;
      if (current.exitCode !== null || current.signalCode !== null) return;
      const ended = new Promise((resolve) => current.once('exit', resolve));
      current.kill('SIGKILL');
      await ended;
    },
    resume: launch,
  };
}

async function start(sandbox: Sandbox, container: Container, pod: PodFacts, log: string): Promise<ChildProcess> {
  const env = { ...pod.environment, ...(await environmentOf(container, pod)) };
  const entrypoint = pod.entrypoint(container.image ?? '', container.command?.[0]);
  const words = [...entrypoint, ...(container.command ?? []).slice(1), ...(container.args ?? [])];
  const hidden = foreignVolumes(container, pod.spec);
  const [command = '', ...args] = [...sandbox.inside, ...hiding(hidden), ...words.map((word) => expand(word, env))];
  const file = await open(log, 'a');
  try {
    return spawn(command, args, { env, stdio: ['ignore', file.fd, file.fd] });
  } finally {
    await file.close();
  }
}

/** Where the pod's other containers mount what this one does not: an identity on the host must not show where it is not mounted. */
function foreignVolumes(container: Container, { initContainers = [], containers }: PodSpec): readonly string[] {
  const paths = (one: Container) => (one.volumeMounts ?? []).map(({ mountPath }) => mountPath);
  const own = new Set(paths(container));
  return [...new Set([...initContainers, ...containers].flatMap(paths))].filter((path) => !own.has(path));
}

/** The words before a command that cover these folders for it. */
function hiding(folders: readonly string[]): readonly string[] {
  const cover = folders.map((folder) => `mount -t tmpfs tmpfs ${folder}`);
  return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', [...cover, 'exec "$0" "$@"'].join(' && ')];
}

async function environmentOf({ env = [] }: Container, pod: PodFacts): Promise<{ [name: string]: string }> {
  const fields: { readonly [path: string]: string } = {
    'metadata.name': pod.name,
    'metadata.namespace': pod.namespace,
    'status.podIP': pod.ip,
  };
  const values: { [name: string]: string } = {};
  for (const { name, value, valueFrom } of env) {
    const { fieldRef, secretKeyRef } = valueFrom ?? {};
    if (secretKeyRef !== undefined) values[name] = await pod.secret(secretKeyRef.name ?? '', secretKeyRef.key);
    else values[name] = value ?? fields[fieldRef?.fieldPath ?? ''] ?? '';
  }
  return values;
}

/** Kubernetes' own `$(NAME)` in commands and arguments. */
function expand(word: string, env: { readonly [name: string]: string }): string {
  return word.replaceAll(/\$\((\w+)\)/g, (whole, name: string) => env[name] ?? whole);
}
