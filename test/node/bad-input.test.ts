import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostDown, hostUp } from '../../host';
import { type KubectlTarget, kubectlTarget, sublet } from '../support/cluster';
import { output } from '../support/command';
import { eventually } from '../support/eventually';
import { inventory, kubeconfigText, type Refusal, refusal, serverOf } from '../support/refusal';
import { SHARED_HOST, sharedHost } from '../support/shared-host';

/** Part of the names of all that these tests could make. */
const MARKS = /\bbad-/;

describe('bad input ends in one clear error that says what to do, and leaves nothing behind', () => {
  let home: string;
  let host: KubectlTarget;
  let env: Record<string, string>;
  beforeAll(async () => {
    const shared = await sharedHost();
    host = kubectlTarget(shared.kubeconfig);
    home = await mkdtemp(join(tmpdir(), 'sublet-bad-input-'));
    // The command may write to its kubeconfig.
    const kubeconfig = await file('kubeconfig', '');
    await output('cp', [shared.kubeconfig, kubeconfig]);
    env = { HOME: home, KUBECONFIG: kubeconfig };
  }, 120_000);
  afterAll(async () => {
    await sublet(['delete', 'bad-taken', '--ignore-not-found'], env);
    await host.kubectl(['delete', 'namespace', 'bad-rights', '--ignore-not-found']);
    await rm(home, { recursive: true, force: true });
  }, 120_000);

  const refused = (args: readonly string[], overrides: Record<string, string> = {}): Promise<Refusal> =>
    refusal(host, args, { ...env, ...overrides }, MARKS);

  async function file(name: string, content: string): Promise<string> {
    const path = join(home, name);
    await writeFile(path, content);
    return path;
  }

  describe('in a declaration', () => {
    test('unknown and wrong fields are all named at once, with what is allowed', async () => {
      const path = await file(
        'unknown.yaml',
        'kubernetes:\n  verison: "1.37"\nstore:\n  kind: floppy\ndns:\n  replicas: 0\n',
      );
      const { exit, code, text } = await refused(['create', 'bad-fields', '-f', path]);
      expect({ exit, code }).toEqual({ exit: 2, code: 'SPEC_INVALID' });
      for (const field of ['kubernetes.verison', 'store', 'dns.replicas']) {
        expect(text.split('\n').filter((line) => line.trim().startsWith(field))).toHaveLength(1);
      }
      expect(text).toMatch(/did you mean "version"/);
    }, 60_000);

    test('fields that contradict each other', async () => {
      const path = await file(
        'contradiction.yaml',
        'store:\n  kind: sqlite\n  persistence:\n    kind: ephemeral\n    size: 5Gi\n',
      );
      const { exit, code, text } = await refused(['create', 'bad-fields', '-f', path]);
      expect({ exit, code }).toEqual({ exit: 2, code: 'SPEC_INVALID' });
      expect(text).toContain('store.persistence.size');
    }, 60_000);

    test('a version that there is not', async () => {
      const { exit, code, text } = await refused(['create', 'bad-version', '-k', '1.12']);
      expect({ exit, code }).toEqual({ exit: 2, code: 'SPEC_INVALID' });
      expect(text).toMatch(/1\.33.*1\.37/);
    }, 60_000);

    test('a name that Kubernetes does not take', async () => {
      const { exit, code, hint } = await refused(['create', 'Bad_Name']);
      expect({ exit, code, hint }).toEqual({ exit: 2, code: 'NAME_INVALID', hint: 'for example: bad-name' });
    }, 60_000);
  });

  describe('on the command line', () => {
    test.each([
      [['create', 'bad-flag', '--namespcae', 'x'], 'Did you mean --namespace?'],
      [['craete', 'bad-flag'], 'Did you mean create?'],
      [['create', 'bad-flag', '--set', 'dns.replicas'], 'for example: --set dns.replicas=2'],
      [['create', 'bad-flag', '-f', '/nowhere/at-all.yaml'], undefined],
    ])(
      '%j',
      async (args, hint) => {
        const refusal = await refused(args);
        expect(refusal).toMatchObject({ exit: 2, code: 'USAGE' });
        if (hint !== undefined) expect(refusal.hint).toContain(hint);
      },
      60_000,
    );
  });

  describe('about the host', () => {
    test('a namespace that does not exist and may not be made', async () => {
      const { exit, code, message, hint } = await refused([
        'create',
        'bad-ns',
        '-n',
        'bad-nowhere',
        '--no-create-namespace',
      ]);
      expect({ exit, code }).toEqual({ exit: 1, code: 'NAMESPACE_NOT_FOUND' });
      expect(message).toContain('"bad-nowhere"');
      expect(hint).toContain('--create-namespace');
    }, 60_000);

    test('an address where nothing listens', async () => {
      const server = `https://127.0.0.1:${await deafPort()}`;
      const unreachable = await file('unreachable', kubeconfigText(server, 'secret-token'));
      for (const command of ['create', 'delete', 'connect']) {
        const { exit, code, message, hint, text } = await refused([command, 'bad-host'], { KUBECONFIG: unreachable });
        expect({ exit, code }).toEqual({ exit: 1, code: 'API_UNREACHABLE' });
        expect(message).toContain(server);
        expect(hint).toContain('--context');
        expect(text).not.toContain('secret-token');
      }
    }, 60_000);

    test('no kubeconfig at all', async () => {
      const { exit, code } = await refused(['create', 'bad-host'], { KUBECONFIG: join(home, 'none') });
      expect({ exit, code }).toEqual({ exit: 2, code: 'USAGE' });
    }, 60_000);

    test('rights that are missing are listed, and what the error tells an administrator to run grants them', async () => {
      await host.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bad-rights' } });
      const inNamespace = (...words: string[]) => host.kubectl([...words, '-n', 'bad-rights']);
      await inNamespace('create', 'serviceaccount', 'weak');
      await inNamespace('create', 'role', 'weak', '--verb=get,list', '--resource=pods');
      await inNamespace('create', 'rolebinding', 'weak', '--role=weak', '--serviceaccount=bad-rights:weak');
      const token = (await inNamespace('create', 'token', 'weak')).trim();
      const KUBECONFIG = await file('weak', kubeconfigText(await serverOf(host), token));
      const args = ['create', 'bad-rights', '-n', 'bad-rights', '--store', 'ephemeral'];
      const { exit, code, message, hint = '', text } = await refused(args, { KUBECONFIG });
      expect({ exit, code }).toEqual({ exit: 1, code: 'HOST_RIGHTS' });
      expect(message).toContain('system:serviceaccount:bad-rights:weak');
      expect(message).toMatch(/statefulsets\.apps in namespace bad-rights/);
      // What the syncer's Role hands on is needed too.
      expect(message).toMatch(/pods\/exec in namespace bad-rights/);
      expect(text).not.toContain(token);

      const commands = hint.split('\n').filter((line) => line.includes('kubectl '));
      for (const line of commands.filter((one) => !one.includes('create namespace'))) {
        await host.kubectl(line.trim().split(/\s+/).slice(1));
      }
      const made = await sublet([...args, '--no-wait'], { ...env, KUBECONFIG });
      expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('Created bad-rights') });
      // With the same rights it can be removed again.
      const removed = await sublet(['delete', 'bad-rights', '-n', 'bad-rights'], { ...env, KUBECONFIG });
      expect(removed).toMatchObject({ code: 0 });
      expect(await host.kubectl(['get', 'all,secrets', '-n', 'bad-rights', '-o', 'name'])).toBe('');
    }, 120_000);

    test('a namespace that would have to be made, by somebody who may not', async () => {
      const token = (await host.kubectl(['create', 'token', 'default', '-n', 'default'])).trim();
      const KUBECONFIG = await file('nobody', kubeconfigText(await serverOf(host), token));
      const { exit, code, hint } = await refused(['create', 'bad-ns', '--store', 'ephemeral'], { KUBECONFIG });
      expect({ exit, code }).toEqual({ exit: 1, code: 'HOST_RIGHTS' });
      expect(hint).toContain('kubectl create namespace vcluster-bad-ns');
    }, 60_000);

    test('a storage class that there is not', async () => {
      const args = ['create', 'bad-storage', '--store', 'pvc', '--set', 'store.persistence.storageClass=golden'];
      const { exit, code, message, hint } = await refused(args);
      expect({ exit, code }).toEqual({ exit: 1, code: 'STORAGE_CLASS_MISSING' });
      expect(message).toContain('"golden"');
      expect(hint).toContain('--store ephemeral');
    }, 60_000);

    test('no default storage class', async () => {
      const name = SHARED_HOST.replace('test-', 'bare-');
      // Simulated nodes have no storage.
      const bare = await hostUp({ name, mode: 'kwok', nodes: 1 });
      try {
        const on = kubectlTarget(bare.kubeconfig);
        const refused = await refusal(on, ['create', 'bad-storage'], { ...env, KUBECONFIG: bare.kubeconfig }, MARKS);
        expect(refused).toMatchObject({ exit: 1, code: 'STORAGE_CLASS_MISSING' });
        expect(refused.message).toContain('no default storage class');
        expect(refused.hint).toContain('--store ephemeral');
      } finally {
        await hostDown({ name });
      }
    }, 120_000);
  });

  describe('about what is there already', () => {
    beforeAll(async () => {
      const made = await sublet(['create', 'bad-taken', '--store', 'ephemeral', '--no-connect'], env);
      expect(made).toMatchObject({ code: 0 });
      // Until its DNS runs, it makes objects of its own accord.
      const ready = '-o=jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
      await eventually(
        async () => (await host.kubectl(['get', 'pods', '-n', 'vcluster-bad-taken', ready])) === 'True True',
        { what: 'the DNS of the virtual cluster' },
      );
    }, 180_000);

    test('a virtual cluster of that name', async () => {
      const { exit, code, hint } = await refused(['create', 'bad-taken']);
      expect({ exit, code }).toEqual({ exit: 1, code: 'CLUSTER_EXISTS' });
      expect(hint).toContain('--upgrade');
      expect(hint).toContain('sublet connect bad-taken');
    }, 60_000);

    test('another virtual cluster in that namespace, whose objects would have the same names', async () => {
      const { exit, code, message, hint } = await refused(['create', 'bad-taken-headless', '-n', 'vcluster-bad-taken']);
      expect({ exit, code }).toEqual({ exit: 1, code: 'OWNERSHIP_CONFLICT' });
      expect(message).toContain('Service/bad-taken-headless');
      expect(hint).toContain('another namespace with -n');
    }, 60_000);

    test('a namespace that is being deleted', async () => {
      const before = await inventory(host, MARKS);
      const finalizers = ['example.com/held'];
      await host.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bad-leaving' } });
      await host.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'held', namespace: 'bad-leaving', finalizers },
      });
      await host.kubectl(['delete', 'namespace', 'bad-leaving', '--wait=false']);
      const { exit, code, message } = await refused(['create', 'bad-leaving', '-n', 'bad-leaving']);
      expect({ exit, code }).toEqual({ exit: 1, code: 'NAMESPACE_NOT_FOUND' });
      expect(message).toContain('is being deleted');
      await host.kubectl(['patch', 'configmap', 'held', '-n', 'bad-leaving', '-p', '{"metadata":{"finalizers":null}}']);
      await host.kubectl(['wait', '--for=delete', 'namespace/bad-leaving', '--timeout=60s']);
      expect(await inventory(host, MARKS)).toEqual(before);
    }, 120_000);
  });

  test.each(['delete', 'connect', 'status'])(
    '%s of what does not exist',
    async (command) => {
      const { exit, code, hint } = await refused([command, 'bad-ghost']);
      expect({ exit, code }).toEqual({ exit: 1, code: 'CLUSTER_NOT_FOUND' });
      expect(hint).toContain('sublet list');
    },
    60_000,
  );
});

/** A port of the loopback where nothing listens: one that was free a moment ago. */
async function deafPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 9;
}
