import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type PulumiSession, START_TIMEOUT_MS, startSession } from '../support/pulumi/session';
import { changesOf, type TestStack } from '../support/pulumi/stack';

const ROOT = resolve(__dirname, '../..');

describe('`pulumi up` in a clone of the repository', () => {
  let session: PulumiSession;
  let clone: string;
  let stack: TestStack;
  beforeAll(async () => {
    session = await startSession();
    clone = await mkdtemp(join(tmpdir(), 'sublet-clone-'));
    for (const file of ['Pulumi.yaml', 'package.json', 'examples']) {
      await cp(join(ROOT, file), join(clone, file), { recursive: true });
    }
    for (const built of ['dist', 'node_modules']) await symlink(join(ROOT, built), join(clone, built));
    stack = await session.engine.projectStack(clone);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await session?.[Symbol.asyncDispose]();
    if (clone !== undefined) await rm(clone, { recursive: true });
  }, 180_000);

  test('what is wrong with the configuration is told before anything is made', async () => {
    await stack.stack.setConfig('cluster.store.kind', { value: 'sqlight' }, true);
    const failure = await stack.preview().then(
      () => 'none',
      (error: Error) => error.message,
    );
    expect(failure).toMatch(/virtual cluster "team-a".*\n.*store\.kind \("sqlight"\).*allowed: sqlite/);
    expect(failure).not.toMatch(/at \S+ \(.*spec|VirtualCluster team-a create/);
  }, 60_000);

  test('deploys the cluster that the stack’s configuration declares, and changes it with that', async () => {
    await stack.stack.setConfig('name', { value: 'clone' });
    await stack.stack.setConfig('cluster.store.kind', { value: 'sqlite' }, true);
    await stack.stack.setConfig('cluster.store.persistence.kind', { value: 'ephemeral' }, true);
    await stack.stack.setConfig('cluster.kubernetes.version', { value: '1.37' }, true);
    await stack.stack.setConfig('cluster.createNamespace', { value: 'true' }, true);
    const { outputs } = await stack.up();
    expect(outputs).toMatchObject({
      namespace: { value: 'vcluster-clone' },
      endpoint: { value: 'https://clone.vcluster-clone.svc' },
      kubeconfig: { secret: true },
    });
    const set = await session.host.json(['get', 'statefulset', 'clone', '-n', 'vcluster-clone']);
    expect(set.status.readyReplicas).toBe(1);
    expect(changesOf(await stack.up())).toEqual([]);
  }, 240_000);

  test('destroys it', async () => {
    await stack.destroy();
    expect((await session.host.tryKubectl(['get', 'namespace', 'vcluster-clone'])).code).not.toBe(0);
  }, 180_000);
});
