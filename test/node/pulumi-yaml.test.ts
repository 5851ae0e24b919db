import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from '../support/examples';
import { partsOf } from '../support/pulumi/parts';
import { type PulumiSession, START_TIMEOUT_MS, startSession } from '../support/pulumi/session';
import { changesOf, type TestStack } from '../support/pulumi/stack';

/** What `npm install` puts there. */
const PACKAGES = ['@pulumi/kubernetes', '@pulumi/pulumi', 'typescript'];

const PROGRAM = `
name: fruit
runtime: yaml
plugins:
  providers:
    - name: sublet
      path: ./plugin
resources:
  cherry:
    type: sublet:VirtualCluster
    properties:
      kubernetesVersion: '1.37'
      requires: [nodes]
      options:
        store: { kind: sqlite, persistence: { kind: ephemeral } }
  cherry-nodes:
    type: sublet:NodeSyncPolicy
    properties:
      cluster: { name: cherry }
      options: { mode: fake }
outputs:
  kubeconfig: \${cherry.kubeconfig}
  endpoint: \${cherry.endpoint}
`;

describe('a Pulumi program in YAML', () => {
  let session: PulumiSession;
  let stack: TestStack;
  beforeAll(async () => {
    session = await startSession();
    const folder = join(session.engine.home, 'fruit');
    await mkdir(folder);
    await writeFile(join(folder, 'Pulumi.yaml'), PROGRAM);
    await cp(join(ROOT, 'plugin'), join(folder, 'plugin'), { recursive: true });
    for (const name of PACKAGES) await install(folder, name, join(ROOT, 'node_modules', name));
    await install(folder, 'sublet', ROOT);
    stack = await session.engine.projectStack(folder);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await session?.[Symbol.asyncDispose]();
  }, 180_000);

  test('shows in the preview all that its virtual cluster is made of', async () => {
    const { begun } = await stack.preview();
    const expected = partsOf({ name: 'cherry', requires: ['nodes'] });
    expect(begun.map(({ name }) => name)).toEqual(expect.arrayContaining([...expected, 'cherry-nodes-config-nodes']));
  }, 120_000);

  test('makes it of flat arguments, with a policy, and has its kubeconfig as a secret', async () => {
    const { outputs } = await stack.up();
    expect(outputs).toMatchObject({
      endpoint: { value: 'https://cherry.vcluster-cherry.svc' },
      kubeconfig: { secret: true, value: expect.stringContaining('https://cherry.vcluster-cherry.svc') },
    });
    expect(changesOf(await stack.up())).toEqual([]);
  }, 180_000);

  test('destroys it', async () => {
    await stack.destroy();
    expect((await session.host.tryKubectl(['get', 'namespace', 'vcluster-cherry'])).code).not.toBe(0);
  }, 180_000);
});

async function install(folder: string, name: string, from: string): Promise<void> {
  const to = join(folder, 'plugin/node_modules', name);
  await mkdir(dirname(to), { recursive: true });
  await symlink(from, to);
}
