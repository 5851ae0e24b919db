import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unknownValue } from '@pulumi/pulumi/runtime/rpc';
import { type KubectlTarget, kubectlTarget } from '../support/cluster';
import { type PulumiEngine, startEngine } from '../support/pulumi/engine';
import { loadProgram } from '../support/pulumi/load-program';
import { partsOf } from '../support/pulumi/parts';
import { type Reach, reachCluster } from '../support/pulumi/reach';
import { changesOf, type EngineRun, type Step, type TestStack } from '../support/pulumi/stack';
import { sharedHost } from '../support/shared-host';

const EXAMPLES = resolve(__dirname, '../../examples');
const PARTS = partsOf({ name: 'team-a' });
/** The stack, the component, the cluster's provider, and what is inside; providers by default do not count. */
const OTHERS = 4;

let host: KubectlTarget;
let engine: PulumiEngine;
let folder: string;
beforeAll(async () => {
  const { kubeconfig } = await sharedHost();
  host = kubectlTarget(kubeconfig);
  engine = await startEngine(kubeconfig);
  folder = await mkdtemp(join(tmpdir(), 'sublet-kubeconfigs-'));
}, 3_600_000);
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

/** The cluster that a stack's output leads to. */
async function inside(kubeconfig: string): Promise<KubectlTarget> {
  const file = join(await mkdtemp(join(folder, 'config-')), 'kubeconfig');
  await writeFile(file, kubeconfig, { mode: 0o600 });
  return kubectlTarget(file);
}

/** The resources that one depends on, by the state of its stack. */
async function dependenciesOf(stack: TestStack, name: string): Promise<readonly string[]> {
  const { deployment } = await stack.stack.exportStack();
  const resources: readonly { readonly urn: string; readonly dependencies?: readonly string[] }[] =
    deployment.resources;
  const found = resources.find(({ urn }) => urn.endsWith(`::${name}`));
  return (found?.dependencies ?? []).map((urn) => urn.slice(urn.lastIndexOf('::') + 2)).sort();
}

/** Whether every one of some resources was gone before the first of some others began to go. */
function goneBefore(run: EngineRun, first: readonly string[], then: readonly string[]): boolean {
  const named = (steps: readonly Step[], names: readonly string[]): readonly number[] =>
    steps.filter(({ name }) => names.includes(name)).map(({ order }) => order);
  return Math.max(...named(run.ended, first)) < Math.min(...named(run.begun, then));
}

describe('the quickstart in Pulumi', () => {
  const file = join(EXAMPLES, 'quickstart-pulumi/index.ts');
  let reach: Reach;
  let stack: TestStack;
  let kubeconfig: string;
  beforeAll(async () => {
    reach = await reachCluster(host.kubeconfig, 'team-a');
    stack = await engine.stack('quickstart', loadProgram(file, { 'https://localhost:8443': reach.server }));
  }, 60_000);
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await reach?.[Symbol.asyncDispose]();
  }, 180_000);

  test('preview shows every object as it will be, and makes none', async () => {
    const { begun, changes } = await stack.preview();
    expect(changes).toEqual({ create: PARTS.length + OTHERS });
    const parts = begun.filter(({ name }) => PARTS.includes(name));
    expect(parts.map(({ name }) => name).sort()).toEqual(PARTS);
    for (const { inputs, type } of parts) {
      expect(type).toMatch(/^kubernetes:/);
      expect(inputs).toMatchObject({ metadata: { name: expect.stringContaining('team-a') } });
    }
    const unknown = begun.filter(({ inputs }) => JSON.stringify(inputs).includes(unknownValue));
    expect(unknown).toEqual([]);
    expect((await host.tryKubectl(['get', 'namespace', 'vcluster-team-a'])).code).not.toBe(0);
  }, 60_000);

  test('up makes a cluster that works, and tells its kubeconfig as a secret', async () => {
    const { outputs } = await stack.up();
    expect(outputs).toMatchObject({ kubeconfig: { secret: true } });
    kubeconfig = outputs.kubeconfig?.value;
    expect(await dependenciesOf(stack, 'team-a-kubeconfig')).toEqual(PARTS);
    const cluster = await inside(kubeconfig);
    expect(await cluster.kubectl(['get', 'namespace', 'shop', '-o', 'name'])).toBe('namespace/shop\n');
    const view = await cluster.json(['config', 'view', '--raw']);
    expect(view.clusters).toMatchObject([{ name: 'team-a', cluster: { server: reach.server } }]);
    const key = view.users[0].user['client-key-data'];
    expect(key).toMatch(/\w{40}/);
    const state = await readFile(join(engine.home, 'state/.pulumi/stacks/quickstart/test.json'), 'utf8');
    expect(state).toContain('ciphertext');
    for (const secret of [key, Buffer.from(kubeconfig).toString('base64')]) expect(state.includes(secret)).toBe(false);
  }, 180_000);

  test('a second up changes nothing', async () => {
    const run = await stack.up();
    expect(changesOf(run)).toEqual([]);
    expect(run.changes).toEqual({ same: PARTS.length + OTHERS });
    expect(run.outputs.kubeconfig?.value).toBe(kubeconfig);
  }, 60_000);

  test('a changed option changes what it is about: the control plane, and nothing inside the cluster', async () => {
    const annotations = "controlPlane: { podAnnotations: { 'example.com/owner': 'fruit' } },";
    stack.program(
      loadProgram(file, {
        'https://localhost:8443': reach.server,
        "kubernetes: { version: '1.37' },": `kubernetes: { version: '1.37' }, ${annotations}`,
      }),
    );
    const expected = ['update team-a', 'update team-a-control-plane-statefulset'];
    expect(changesOf(await stack.preview())).toEqual(expected);
    const run = await stack.up();
    expect(changesOf(run)).toEqual(expected);
    expect(run.outputs.kubeconfig?.value).toBe(kubeconfig);
    const pod = await host.json(['get', 'pod', 'team-a-0', '-n', 'vcluster-team-a']);
    expect(pod.metadata.annotations).toMatchObject({ 'example.com/owner': 'fruit' });
    expect(changesOf(await stack.up())).toEqual([]);
  }, 180_000);

  test('refresh finds the host as it was left', async () => {
    const run = await stack.refresh();
    expect(changesOf(run)).toEqual([]);
  }, 60_000);

  test('destroy removes what is inside, then the cluster, and leaves nothing', async () => {
    const run = await stack.destroy();
    expect(goneBefore(run, ['shop'], PARTS)).toBe(true);
    expect(goneBefore(run, ['team-a-control-plane-statefulset'], ['team-a-rbac-role', 'team-a-namespace'])).toBe(true);
    expect((await host.tryKubectl(['get', 'namespace', 'vcluster-team-a'])).code).not.toBe(0);
  }, 180_000);
});

describe('a cluster and a workload in it by one Pulumi program', () => {
  const INSIDE = ['shop', 'web'];
  let reach: Reach;
  let stack: TestStack;
  beforeAll(async () => {
    reach = await reachCluster(host.kubeconfig, 'team-b');
    stack = await engine.stack('workload', loadProgram(join(EXAMPLES, 'workload-pulumi/index.ts')));
    await stack.stack.setConfig('server', { value: reach.server });
  }, 60_000);
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await reach?.[Symbol.asyncDispose]();
  }, 180_000);

  test('one up makes both, and the workload runs on the host', async () => {
    const run = await stack.up();
    const [ready] = run.ended.filter(({ name, op }) => name === 'team-b-control-plane-statefulset' && op === 'create');
    const within = run.begun.filter(({ name }) => INSIDE.includes(name));
    expect(within.map(({ name }) => name).sort()).toEqual(['shop', 'web', 'web']);
    for (const { order } of within) expect(order).toBeGreaterThan(ready?.order ?? Number.POSITIVE_INFINITY);

    const namespace = run.outputs.namespace?.value;
    const cluster = await inside(run.outputs.kubeconfig?.value);
    expect((await cluster.json(['get', 'deployment', 'web', '-n', namespace])).status.readyReplicas).toBe(2);
    const pods = await host.kubectl(['get', 'pods', '-n', 'vcluster-team-b', '-o', 'name']);
    expect(pods.match(new RegExp(`-x-${namespace}-x-team-b`, 'g'))).toHaveLength(2);
    const service = await cluster.json(['get', 'service', 'web', '-n', namespace]);
    expect(service.spec.clusterIP).toBe(run.outputs.address?.value);
    expect(changesOf(await stack.up())).toEqual([]);
  }, 240_000);

  test('one destroy removes the workload, then the cluster', async () => {
    const run = await stack.destroy();
    expect(goneBefore(run, INSIDE, partsOf({ name: 'team-b' }))).toBe(true);
    expect((await host.tryKubectl(['get', 'namespace', 'vcluster-team-b'])).code).not.toBe(0);
  }, 180_000);
});
