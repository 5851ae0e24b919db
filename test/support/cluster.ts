import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type HostHandle, kubectlDirectory } from '../../host';
import { type CommandOptions, type CommandResult, output, run } from './command';
import { eventually } from './eventually';
import { sharedHost } from './shared-host';

const ROOT = resolve(__dirname, '../..');
/** The kubectl that belongs to the host cluster's Kubernetes: a machine need not have one. */
const KUBECTL = join(kubectlDirectory(), 'kubectl');

/** A Kubernetes cluster, virtual or host, as kubectl sees it. */
export interface KubectlTarget {
  readonly kubeconfig: string;
  /** Runs kubectl and returns what it printed; throws when it fails. */
  kubectl(args: readonly string[], options?: CommandOptions): Promise<string>;
  /** Runs kubectl and returns how it ended. */
  tryKubectl(args: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Reads objects as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind
  json(args: readonly string[]): Promise<any>;
  /** Applies manifests, given as objects. */
  apply(...objects: readonly object[]): Promise<void>;
}

/** A virtual cluster made for a test. Disposing of it deletes it. */
export interface TestCluster extends KubectlTarget, AsyncDisposable {
  readonly name: string;
  readonly namespace: string;
  readonly host: KubectlTarget;
}

/** A kubectl bound to one kubeconfig. */
export function kubectlTarget(kubeconfig: string): KubectlTarget {
  const withConfig = (args: readonly string[]): readonly string[] => [`--kubeconfig=${kubeconfig}`, ...args];
  const target: KubectlTarget = {
    kubeconfig,
    kubectl: (args, options) => output(KUBECTL, withConfig(args), options),
    tryKubectl: (args, options) => run(KUBECTL, withConfig(args), options),
    json: async (args) => JSON.parse(await target.kubectl([...args, '-o', 'json'])),
    apply: async (...objects) => {
      const list = { apiVersion: 'v1', kind: 'List', items: objects };
      await target.kubectl(['apply', '-f', '-'], { input: JSON.stringify(list) });
    },
  };
  return target;
}

/** The `sublet` command as users run it, with its own home, so that it touches nobody's kubeconfig. */
export function sublet(
  args: readonly string[],
  env: Record<string, string>,
  timeoutMs = 180_000,
): Promise<CommandResult> {
  return run(process.execPath, [join(ROOT, 'dist/cli/sublet.cjs'), ...args], { env, timeoutMs });
}

/**
 * Creates a virtual cluster by `sublet create`, ready to be used.
 * @param flags further flags of `sublet create`. Without a file its store goes with its pod
 * @param on the host; the shared one where none is given
 */
export async function createTestCluster(
  name: string,
  flags: readonly string[] = [],
  on?: Pick<HostHandle, 'kubeconfig'>,
): Promise<TestCluster> {
  const { kubeconfig: hostKubeconfig } = on ?? (await sharedHost());
  const home = await mkdtemp(join(tmpdir(), 'sublet-test-'));
  const kubeconfig = join(home, 'kubeconfig');
  const host = kubectlTarget(hostKubeconfig);
  const env = { HOME: home, KUBECONFIG: kubeconfig };
  await output('cp', [hostKubeconfig, kubeconfig]);
  const store = flags.includes('-f') ? [] : ['--store', 'ephemeral'];
  const created = await sublet(['create', name, ...store, ...flags], env);
  if (created.code !== 0) throw new Error(`sublet create ${name} failed: ${created.stderr}`);
  const target = kubectlTarget(kubeconfig);
  await eventually(async () => (await target.tryKubectl(['get', '--raw=/readyz'])).code === 0, {
    what: `the API of virtual cluster ${name}`,
  });
  return {
    ...target,
    name,
    namespace: `vcluster-${name}`,
    host,
    async [Symbol.asyncDispose]() {
      const deleted = await sublet(['delete', name, '--ignore-not-found'], { ...env, KUBECONFIG: kubeconfig });
      await rm(home, { recursive: true, force: true });
      if (deleted.code !== 0) throw new Error(`sublet delete ${name} failed: ${deleted.stderr}`);
    },
  };
}
