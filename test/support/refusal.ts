import type { ErrorCode } from '../../lib/contract';
import { type KubectlTarget, sublet } from './cluster';

/** How `sublet` refuses, as people read it and as programs do. */
export interface Refusal {
  readonly exit: number;
  /** All that was said to people. */
  readonly text: string;
  readonly code: ErrorCode | undefined;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string | undefined;
}

/**
 * Runs a command that must fail, once for people and once for programs, and leave the host as it was. Both must tell the
 * same one error.
 * @param marks part of the names of all that the command could make
 */
export async function refusal(
  host: KubectlTarget,
  args: readonly string[],
  env: Record<string, string>,
  marks: RegExp,
): Promise<Refusal> {
  const before = await inventory(host, marks);
  const shown = await sublet(args, env);
  const data = await sublet([...args, '--output', 'json'], env);
  expect(await inventory(host, marks)).toEqual(before);
  const { kind, code, message, hint } = JSON.parse(data.stdout);
  expect({ kind, exit: data.code }).toEqual({ kind: 'Error', exit: shown.code });
  expect(shown.stdout).toBe('');
  expect(shown.stderr.match(/^error/gm)).toHaveLength(1);
  // Nobody should have to read a stack to learn what is wrong.
  expect(shown.stderr).not.toMatch(/^\s+at .*:\d+/m);
  const told = message.split('\n').filter((line: string) => !shown.stderr.includes(line));
  expect(told).toEqual([]);
  return { exit: shown.code, text: shown.stderr, code, message, hint };
}

/** Everything on the host whose name or namespace matches, with UID and generation: equal means untouched. */
export async function inventory(host: KubectlTarget, marks: RegExp): Promise<readonly string[]> {
  const namespaced =
    'statefulsets,services,serviceaccounts,roles,rolebindings,persistentvolumeclaims,secrets,configmaps';
  const columns = 'K:.kind,NS:.metadata.namespace,N:.metadata.name,U:.metadata.uid,G:.metadata.generation';
  const get = (kinds: string) => host.kubectl(['get', kinds, '-A', '--no-headers', '-o', `custom-columns=${columns}`]);
  const lists = await Promise.all([get(namespaced), get('namespaces,clusterroles,clusterrolebindings')]);
  return lists
    .flatMap((list) => list.split('\n'))
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => marks.test(line.split(' ').slice(1, 3).join(' ')))
    .sort();
}

/** A kubeconfig with one context, as text. */
export function kubeconfigText(server: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'it',
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
    clusters: [{ name: 'it', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'it', user: { token } }],
  });
}

/** The address of a cluster's API server. */
export async function serverOf(target: KubectlTarget): Promise<string> {
  const view = JSON.parse(await target.kubectl(['config', 'view', '--minify', '-o', 'json']));
  return view.clusters[0].cluster.server;
}
