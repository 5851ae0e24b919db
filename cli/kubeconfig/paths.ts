import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Which kubeconfig files are read, in kubectl's order: what an earlier file sets, a later one does not change. */
export interface KubeconfigPaths {
  readonly files: readonly string[];
  /** The file that gets new entries and the current context: the first that exists, else the last (kubectl's rule). */
  readonly writeTo: string;
}

/** The files that `--kubeconfig`, else `KUBECONFIG`, else `~/.kube/config` name. */
export function kubeconfigPaths(flag: string | undefined, env: NodeJS.ProcessEnv): KubeconfigPaths {
  const named = (flag === undefined ? (env.KUBECONFIG ?? '').split(delimiter) : [flag]).filter((file) => file !== '');
  const files = named.length > 0 ? named : [join(env.HOME ?? homedir(), '.kube', 'config')];
  const fallback = files[files.length - 1] ?? '';
  return { files, writeTo: files.find((file) => existsSync(file)) ?? fallback };
}
