import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unknownValue } from '@pulumi/pulumi/runtime/rpc';
import type { Plan } from '../../lib/manifests';
import { sublet } from '../support/cluster';
import { example } from '../support/examples';
import { loadProgram } from '../support/pulumi/load-program';
import { partsOf } from '../support/pulumi/parts';
import type { Reach } from '../support/pulumi/reach';
import { type PulumiSession, START_TIMEOUT_MS, startSession } from '../support/pulumi/session';
import { changesOf, type EngineRun, type Step, type TestStack } from '../support/pulumi/stack';

const PARTS = partsOf({ name: 'team-a' });
const STATEFUL_SET = 'team-a-control-plane-statefulset';
const VERSION = "kubernetes: { version: '1.37' },";
/** The stack, the component, the cluster's provider, and what is inside; providers by default do not count. */
const OTHERS = 4;

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
  let session: PulumiSession;
  let reach: Reach;
  let stack: TestStack;
  let kubeconfig: string;
  const quickstart = (replacements = {}) =>
    loadProgram(example('quickstart-pulumi/index.ts'), { 'https://localhost:8443': reach.server, ...replacements });
  beforeAll(async () => {
    session = await startSession();
    reach = await session.reach('team-a');
    stack = await session.engine.stack('quickstart', quickstart());
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await reach?.[Symbol.asyncDispose]();
    await session?.[Symbol.asyncDispose]();
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
    expect((await session.host.tryKubectl(['get', 'namespace', 'vcluster-team-a'])).code).not.toBe(0);
  }, 60_000);

  test('up makes a cluster that works, and tells its kubeconfig as a secret', async () => {
    const { outputs } = await stack.up();
    expect(outputs).toMatchObject({ kubeconfig: { secret: true } });
    kubeconfig = outputs.kubeconfig?.value;
    expect(await dependenciesOf(stack, 'team-a-kubeconfig')).toEqual(PARTS);
    const cluster = await session.inside(kubeconfig);
    expect(await cluster.kubectl(['get', 'namespace', 'shop', '-o', 'name'])).toBe('namespace/shop\n');
    const view = await cluster.json(['config', 'view', '--raw']);
    expect(view.clusters).toMatchObject([{ name: 'team-a', cluster: { server: reach.server } }]);
    const key = view.users[0].user['client-key-data'];
    expect(key).toMatch(/\w{40}/);
    const state = await readFile(join(session.engine.home, 'state/.pulumi/stacks/quickstart/test.json'), 'utf8');
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
    stack.program(quickstart({ [VERSION]: `${VERSION} ${annotations}` }));
    const expected = ['update team-a', `update ${STATEFUL_SET}`];
    expect(changesOf(await stack.preview())).toEqual(expected);
    const run = await stack.up();
    expect(changesOf(run)).toEqual(expected);
    expect(run.outputs.kubeconfig?.value).toBe(kubeconfig);
    const pod = await session.host.json(['get', 'pod', 'team-a-0', '-n', 'vcluster-team-a']);
    expect(pod.metadata.annotations).toMatchObject({ 'example.com/owner': 'fruit' });
    expect(changesOf(await stack.up())).toEqual([]);
  }, 180_000);

  test('a changed size of the volume replaces the control plane, as preview and plan say, and nothing inside', async () => {
    const before = await (await session.inside(kubeconfig)).json(['get', 'namespace', 'shop']);
    const larger = "Store.sqlite({ persistence: { kind: 'volumeClaim', size: '6Gi' } })";
    stack.program(quickstart({ 'Store.sqlite()': larger }));
    expect(changesOf(await stack.preview())).toContain(`replace ${STATEFUL_SET}`);
    expect(await recreated(session, 'team-a')).toEqual(['StatefulSet team-a']);
    const run = await stack.up();
    expect(changesOf(run).filter((change) => !change.endsWith(` ${STATEFUL_SET}`))).toEqual(['update team-a']);
    const { metadata } = await (await session.inside(kubeconfig)).json(['get', 'namespace', 'shop']);
    expect(metadata.uid).toBe(before.metadata.uid);
  }, 180_000);

  test('refresh finds the host as it was left', async () => {
    const run = await stack.refresh();
    expect(changesOf(run)).toEqual([]);
  }, 60_000);

  test('destroy removes what is inside, then the cluster, and leaves nothing', async () => {
    const run = await stack.destroy();
    expect(goneBefore(run, ['shop'], PARTS)).toBe(true);
    expect(goneBefore(run, [STATEFUL_SET], ['team-a-rbac-role', 'team-a-namespace'])).toBe(true);
    expect((await session.host.tryKubectl(['get', 'namespace', 'vcluster-team-a'])).code).not.toBe(0);
  }, 180_000);
});

/** Objects that `sublet plan` would make anew for a larger volume. */
async function recreated({ host, engine }: PulumiSession, name: string): Promise<readonly string[]> {
  const file = join(engine.home, 'larger.json');
  const persistence = { kind: 'volumeClaim', size: '6Gi' };
  await writeFile(file, JSON.stringify({ kubernetes: { version: '1.37' }, store: { kind: 'sqlite', persistence } }));
  const words = ['plan', name, '--values', file, '-o', 'json'];
  const { code, stdout, stderr } = await sublet(words, { HOME: engine.home, KUBECONFIG: host.kubeconfig });
  if (code !== 0) throw new Error(`sublet plan failed: ${stderr}`);
  const { changes }: Plan = JSON.parse(stdout);
  return changes.filter(({ effect }) => effect === 'recreate').map(({ object }) => `${object.kind} ${object.name}`);
}
