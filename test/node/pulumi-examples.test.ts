import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KubectlTarget, kubectlTarget } from '../support/cluster';
import { eventually } from '../support/eventually';
import { example } from '../support/examples';
import { AGNHOST } from '../support/manifests';
import { type PulumiEngine, startEngine } from '../support/pulumi/engine';
import { loadProgram } from '../support/pulumi/load-program';
import { type Reach, reachCluster } from '../support/pulumi/reach';
import { changesOf, type TestStack } from '../support/pulumi/stack';
import { sharedHost } from '../support/shared-host';

/** The example with what this host has: no load balancer, and images that need no registry. */
const here = ({ server }: Reach) => ({
  "endpoint: { via: 'loadBalancer', hostname: new pulumi.Config().require('hostname') }": `kubeconfig: { server: '${server}' }`,
  'nginx:1.29': AGNHOST,
});

let host: KubectlTarget;
let engine: PulumiEngine;
let folder: string;
beforeAll(async () => {
  const { kubeconfig } = await sharedHost();
  host = kubectlTarget(kubeconfig);
  engine = await startEngine(kubeconfig);
  folder = await mkdtemp(join(tmpdir(), 'sublet-examples-'));
}, 3_600_000);
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

describe('the example of a workload inside, by a provider of its own', () => {
  let reach: Reach;
  let stack: TestStack;
  beforeAll(async () => {
    reach = await reachCluster(host.kubeconfig, 'team-a');
    stack = await engine.stack('inside', loadProgram(example('inside/index.ts'), here(reach)));
  }, 60_000);
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await reach?.[Symbol.asyncDispose]();
  }, 180_000);

  test('runs, and a second up changes nothing', async () => {
    const { outputs } = await stack.up();
    const file = join(folder, 'kubeconfig');
    await writeFile(file, outputs.kubeconfig?.value, { mode: 0o600 });
    const { status } = await kubectlTarget(file).json(['get', 'deployment', 'web', '-n', 'shop']);
    expect(status.readyReplicas).toBe(2);
    expect(changesOf(await stack.up())).toEqual([]);
  }, 240_000);

  test('is destroyed with its cluster, even when the way to what is inside is gone', async () => {
    await reach[Symbol.asyncDispose]();
    await stack.destroy();
    expect((await host.tryKubectl(['get', 'namespace', 'vcluster-team-a'])).code).not.toBe(0);
  }, 180_000);
});

describe('the example of policies in a stack of their own', () => {
  let policies: TestStack;
  let cluster: TestStack;
  beforeAll(async () => {
    policies = await engine.stack('sublet-policies', loadProgram(example('policies-stack/policies/index.ts')));
    cluster = await engine.stack('sublet-cluster', loadProgram(example('policies-stack/cluster/index.ts')));
  }, 60_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await policies?.[Symbol.asyncDispose]();
  }, 180_000);

  test('has a cluster that becomes ready in the namespace of the other stack', async () => {
    await policies.up();
    const { outputs } = await cluster.up();
    expect(outputs.kubeconfig?.value).toContain('https://team-a.tenant-team-a.svc');
    expect(changesOf(await policies.up())).toEqual([]);
    expect(changesOf(await cluster.up())).toEqual([]);
  }, 180_000);

  test('changes a policy of the running cluster, without changes in its stack and without a restart', async () => {
    const pool = { "'example.com/pool': 'tenants'": "'example.com/pool': 'others'" };
    policies.program(loadProgram(example('policies-stack/policies/index.ts'), pool));
    expect(changesOf(await policies.up())).toContain('update team-a-nodes-config-nodes');
    const log = () => host.kubectl(['logs', 'team-a-0', '-n', 'tenant-team-a', '-c', 'syncer']);
    await eventually(async () => (await log()).includes('"sections":["nodes"]'), { what: 'the syncer to hear of it' });
    expect(changesOf(await cluster.up())).toEqual([]);
    const { status } = await host.json(['get', 'pod', 'team-a-0', '-n', 'tenant-team-a']);
    for (const { restartCount } of status.containerStatuses) expect(restartCount).toBe(0);
  }, 180_000);
});
