import { eventually } from '../support/eventually';
import { example } from '../support/examples';
import { AGNHOST } from '../support/manifests';
import { loadProgram } from '../support/pulumi/load-program';
import type { Reach } from '../support/pulumi/reach';
import { type PulumiSession, START_TIMEOUT_MS, startSession } from '../support/pulumi/session';
import { changesOf, type TestStack } from '../support/pulumi/stack';

/** The example with what this host has: no load balancer, and images that need no registry. */
const here = ({ server }: Reach) => ({
  "endpoint: { via: 'loadBalancer', hostname: new pulumi.Config().require('hostname') }": `kubeconfig: { server: '${server}' }`,
  'nginx:1.29': AGNHOST,
});

let session: PulumiSession;
beforeAll(async () => {
  session = await startSession();
}, START_TIMEOUT_MS);
afterAll(() => session?.[Symbol.asyncDispose]());

describe('the example of a workload inside', () => {
  let reach: Reach;
  let stack: TestStack;
  beforeAll(async () => {
    reach = await session.reach('team-a');
    stack = await session.engine.stack('workload', loadProgram(example('workload-pulumi/index.ts'), here(reach)));
  }, 60_000);
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await reach?.[Symbol.asyncDispose]();
  }, 180_000);

  test('makes cluster and workload by one up, the one after the other, and the workload runs on the host', async () => {
    const run = await stack.up();
    const [ready] = run.ended.filter(({ name, op }) => name === 'team-a-control-plane-statefulset' && op === 'create');
    const within = run.begun.filter(({ name }) => name === 'shop' || name === 'web');
    expect(within.map(({ name }) => name).sort()).toEqual(['shop', 'web', 'web']);
    for (const { order } of within) expect(order).toBeGreaterThan(ready?.order ?? Number.POSITIVE_INFINITY);

    const cluster = await session.inside(run.outputs.kubeconfig?.value);
    expect((await cluster.json(['get', 'deployment', 'web', '-n', 'shop'])).status.readyReplicas).toBe(2);
    const pods = await session.host.kubectl(['get', 'pods', '-n', 'vcluster-team-a', '-o', 'name']);
    expect(pods.match(/-x-shop-x-team-a/g)).toHaveLength(2);
    const service = await cluster.json(['get', 'service', 'web', '-n', 'shop']);
    expect(service.spec.clusterIP).toBe(run.outputs.address?.value);
    expect(changesOf(await stack.up())).toEqual([]);
  }, 240_000);

  test('is destroyed with its cluster, even when the way to what is inside is gone', async () => {
    await reach[Symbol.asyncDispose]();
    await stack.destroy();
    expect((await session.host.tryKubectl(['get', 'namespace', 'vcluster-team-a'])).code).not.toBe(0);
  }, 180_000);
});

describe('the example of policies in a stack of their own', () => {
  let policies: TestStack;
  let cluster: TestStack;
  beforeAll(async () => {
    policies = await session.engine.stack('sublet-policies', loadProgram(example('policies-stack/policies/index.ts')));
    cluster = await session.engine.stack('sublet-cluster', loadProgram(example('policies-stack/cluster/index.ts')));
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
    const log = () => session.host.kubectl(['logs', 'team-a-0', '-n', 'tenant-team-a', '-c', 'syncer']);
    await eventually(async () => (await log()).includes('"sections":["nodes"]'), { what: 'the syncer to hear of it' });
    expect(changesOf(await cluster.up())).toEqual([]);
    const { status } = await session.host.json(['get', 'pod', 'team-a-0', '-n', 'tenant-team-a']);
    for (const { restartCount } of status.containerStatuses) expect(restartCount).toBe(0);
  }, 180_000);
});
