import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KubectlTarget, kubectlTarget, sublet } from '../support/cluster';
import type { CommandResult } from '../support/command';
import { eventually } from '../support/eventually';
import { sharedHost } from '../support/shared-host';

/** What `--output json` prints of an error. */
interface PrintedError {
  readonly kind: string;
  readonly code: string;
  readonly hint: string;
}

describe('bad input ends in one clear error and leaves nothing behind', () => {
  let home: string;
  let host: KubectlTarget;
  let env: Record<string, string>;
  beforeAll(async () => {
    const shared = await sharedHost();
    host = kubectlTarget(shared.kubeconfig);
    home = await mkdtemp(join(tmpdir(), 'sublet-bad-input-'));
    env = { HOME: home, KUBECONFIG: shared.kubeconfig };
  }, 120_000);
  afterAll(async () => {
    await host.tryKubectl(['delete', 'namespace', 'bad-input', 'vcluster-taken', '--ignore-not-found', '--wait=false']);
    await host.tryKubectl(['delete', 'clusterrole,clusterrolebinding', 'bad-input', '--ignore-not-found']);
    await rm(home, { recursive: true, force: true });
  }, 60_000);

  /** Runs `sublet create`; the host must be as before. */
  async function refused(args: readonly string[], overrides: Record<string, string> = {}): Promise<CommandResult> {
    const before = await inventory(host);
    const result = await sublet(['create', ...args, '--no-connect'], { ...env, ...overrides });
    expect(await inventory(host)).toEqual(before);
    return result;
  }

  async function file(name: string, content: string): Promise<string> {
    const path = join(home, name);
    await writeFile(path, content);
    return path;
  }

  test('unknown and contradictory fields: every one is named, with what is allowed', async () => {
    const path = await file(
      'spec.yaml',
      'kubernetes:\n  verison: "1.37"\nstore:\n  kind: floppy\ndns:\n  replicas: 0\n',
    );
    const { code, stderr } = await refused(['wrong', '-f', path]);
    expect(code).toBe(2);
    for (const field of ['kubernetes.verison', 'store', 'dns.replicas']) expect(stderr).toContain(field);
    expect(stderr).toMatch(/did you mean.*version/i);
    expect(stderr.match(/dns\.replicas/g)).toHaveLength(1);
  }, 60_000);

  test('an invalid name', async () => {
    const { code, stderr } = await refused(['Not_A_Name']);
    expect(code).toBe(2);
    expect(stderr).toContain('Not_A_Name');
  }, 60_000);

  test('a flag that does not exist', async () => {
    const { code, stderr } = await refused(['fine', '--namespcae', 'x']);
    expect(code).toBe(2);
    expect(stderr).toContain('--namespace');
  }, 60_000);

  test('a namespace that does not exist and may not be made', async () => {
    const { code, stderr } = await refused(['fine', '-n', 'nowhere', '--no-create-namespace']);
    expect(code).toBe(1);
    expect(stderr).toContain('NAMESPACE_NOT_FOUND');
    expect(stderr).toContain('nowhere');
  }, 60_000);

  test('an unreachable host', async () => {
    const unreachable = await file('unreachable', kubeconfig('https://127.0.0.1:9', 'nobody'));
    const { code, stderr } = await refused(['fine'], { KUBECONFIG: unreachable });
    expect(code).toBe(1);
    expect(stderr).toContain('API_UNREACHABLE');
    expect(stderr).toContain('127.0.0.1:9');
  }, 60_000);

  test('an identity without the needed rights: the missing ones are listed', async () => {
    await host.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bad-input' } });
    await host.kubectl(['create', 'serviceaccount', 'weak', '-n', 'bad-input']);
    await host.kubectl(['create', 'role', 'weak', '-n', 'bad-input', '--verb=get,list', '--resource=pods']);
    await host.kubectl([
      'create',
      'rolebinding',
      'weak',
      '-n',
      'bad-input',
      '--role=weak',
      '--serviceaccount=bad-input:weak',
    ]);
    const token = (await host.kubectl(['create', 'token', 'weak', '-n', 'bad-input'])).trim();
    const view = JSON.parse(await host.kubectl(['config', 'view', '--minify', '--raw', '-o', 'json']));
    const weak = await file('weak', kubeconfig(view.clusters[0].cluster.server, token));
    const args = ['fine', '-n', 'bad-input', '--no-create-namespace', '--store', 'ephemeral'];
    const { code, stderr } = await refused(args, { KUBECONFIG: weak });
    expect(code).toBe(1);
    expect(stderr).toContain('HOST_RIGHTS');
    expect(stderr).toMatch(/statefulsets/);
    expect(stderr).not.toContain(token);
  }, 60_000);

  test('no storage class for the store', async () => {
    const path = await file(
      'class.yaml',
      'store:\n  kind: sqlite\n  persistence:\n    kind: volumeClaim\n    storageClass: golden\n',
    );
    const { code, stderr } = await refused(['fine', '-f', path]);
    expect(code).toBe(1);
    expect(stderr).toContain('STORAGE_CLASS_MISSING');
    expect(stderr).toContain('golden');
  }, 60_000);

  test('a cluster that exists already, and another one in its namespace', async () => {
    const made = await sublet(['create', 'taken', '--store', 'ephemeral', '--no-connect'], env);
    expect(made.code).toBe(0);
    const generation = async () =>
      (await host.json(['get', 'statefulset', 'taken', '-n', 'vcluster-taken'])).metadata.resourceVersion;
    await host.kubectl(['rollout', 'status', 'statefulset/taken', '-n', 'vcluster-taken', '--timeout=60s']);
    const before = await generation();
    const again = await sublet(['create', 'taken', '--no-connect', '--output', 'json'], env);
    expect(await generation()).toBe(before);
    expect(again.code).toBe(1);
    const printed: PrintedError = JSON.parse(again.stdout);
    expect(printed).toMatchObject({ kind: 'Error', code: 'CLUSTER_EXISTS' });
    expect(printed.hint).toContain('--upgrade');
    const deleted = await sublet(['delete', 'taken'], env);
    expect(deleted.code).toBe(0);
  }, 180_000);

  test('an image that can not be pulled: exit code 3 says what is missing, and deleting it leaves nothing', async () => {
    const before = await inventory(host);
    const args = [
      'create',
      'imageless',
      '--store',
      'ephemeral',
      '--no-connect',
      '--timeout',
      '15',
      '--set',
      'images.syncer=example.invalid/none:1',
    ];
    const { code, stderr } = await sublet(args, env);
    expect(code).toBe(3);
    expect(stderr).toContain('example.invalid/none:1');
    expect((await sublet(['delete', 'imageless'], env)).code).toBe(0);
    await eventually(async () => JSON.stringify(await inventory(host)) === JSON.stringify(before), {
      what: 'the host to be as before',
    });
  }, 180_000);

  test('deleting and connecting to what does not exist', async () => {
    for (const command of ['delete', 'connect', 'status']) {
      const { code, stderr } = await sublet([command, 'ghost'], env);
      expect(code).toBe(1);
      expect(stderr).toContain('CLUSTER_NOT_FOUND');
    }
  }, 60_000);
});

/** Names of all that a virtual cluster could leave on the host. */
async function inventory(host: KubectlTarget): Promise<readonly string[]> {
  const kinds = 'namespaces,statefulsets,services,serviceaccounts,roles,rolebindings,persistentvolumeclaims,secrets';
  const lines = (await host.kubectl(['get', kinds, '-A', '--no-headers', '-o', 'name'])).split('\n');
  return lines.filter((line) => /fine|wrong|taken|imageless|nowhere/.test(line)).sort();
}

function kubeconfig(server: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'it',
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
    clusters: [{ name: 'it', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'it', user: { token } }],
  });
}
