import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi } from '../../../../cli/kube/api';
import { createResourceFinder } from '../../../../cli/kube/discovery';
import { generate, type Manifest, resolvePolicy, resolveSpec, type VirtualClusterSpec } from '../../../../lib';
import { generatePolicy } from '../../../../lib/manifests/policies/policy';
import { type CommandLine, commandLine } from '../support/command-line';
import { type FakeApi, startFakeApi, status } from '../support/fake-api';

let fake: FakeApi;
let line: CommandLine;
beforeEach(async () => {
  fake = await startFakeApi();
  line = await commandLine(fake.url);
});
afterEach(async () => {
  await line[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

/** Puts what a declaration renders onto the host. */
async function applied(spec: VirtualClusterSpec): Promise<void> {
  await put(generate(resolveSpec(spec)).map(({ object }) => object));
}

async function put(objects: readonly Manifest[]): Promise<void> {
  const api = createApi(fake.context);
  const find = createResourceFinder(api);
  for (const object of objects) fake.put(object, (await find(object)).plural);
  api.close();
}

const write = async (name: string, text: string): Promise<string> => {
  await writeFile(join(line.home, name), text);
  return join(line.home, name);
};

describe('sublet plan', () => {
  afterEach(() => expect(fake.writes()).toEqual([]));

  it('shows what is to be made where there is nothing', async () => {
    const { code, out } = await line.run('plan', 'team-a');
    expect(code).toBe(0);
    expect(out).toContain('create\n  Namespace vcluster-team-a\n');
    expect(out).toMatch(/\d+ create; 0 objects are as declared\.\n$/);
  });

  it('finds nothing where all is as declared, and something where it is not', async () => {
    await applied({ name: 'team-a' });
    expect((await line.run('plan', 'team-a', '--exit-code')).code).toBe(0);
    const { code, out } = await line.run('plan', 'team-a', '--exit-code', '--set', 'dns.replicas=2');
    expect(code).toBe(2);
    expect(out).toContain('live change\n  ConfigMap team-a-config-core: ');
    expect(out).toContain('~ data["config.json"].dns.replicas: 1 → 2');
    expect((await line.run('plan', 'team-a', '--set', 'dns.replicas=2')).code).toBe(0);
  });

  it('finds what is declared no more', async () => {
    await applied({ name: 'team-a', sync: { toHost: { priorityClasses: { enabled: true } } } });
    const { out, err } = await line.run('plan', 'team-a');
    expect(out).toContain('delete\n  ClusterRoleBinding vc-team-a-v-vcluster-team-a: it is declared no more');
    expect(err).toContain('`sublet create --upgrade` deletes nothing');
  });

  it('leaves alone what a policy declares elsewhere', async () => {
    const spec: VirtualClusterSpec = { name: 'team-a', requires: ['nodes'] };
    await applied(spec);
    const { name, namespace } = resolveSpec(spec);
    const policy = resolvePolicy('nodes', { mode: 'all', cluster: { name, namespace } });
    await put(generatePolicy(policy).map(({ object }) => object));
    const file = await write('spec.yaml', 'requires: [nodes]\n');
    expect((await line.run('plan', 'team-a', '-f', file, '--exit-code')).out).toMatch(/^Nothing to change: /);
  });

  it('says so where the cluster runs in another namespace', async () => {
    await applied({ name: 'team-a' });
    const { err } = await line.run('plan', 'team-a', '-n', 'other');
    expect(err).toContain('A virtual cluster "team-a" runs in namespace "vcluster-team-a". It can not be moved');
  });

  it('compares two declarations without any server', async () => {
    const before = await write('old.yaml', 'store: {kind: sqlite, persistence: {kind: ephemeral}}\n');
    const alone = await commandLine('http://127.0.0.1:9');
    const { code, out } = await alone.run('plan', 'team-a', '--from', before, '-o', 'json', '--exit-code');
    await alone[Symbol.asyncDispose]();
    expect(code).toBe(2);
    const plan = JSON.parse(out);
    expect(plan).toMatchObject({ kind: 'Plan', name: 'team-a', summary: { dataLoss: 1, none: 20 }, notes: [] });
    expect(plan.changes[0]).toMatchObject({ object: { kind: 'StatefulSet' }, effect: 'dataLoss' });
  });

  it('ends with 1 on every error where scripts ask for exit codes, so that 2 means a difference alone', async () => {
    expect((await line.run('plan', 'team-a', '--set', 'dns.replicas=0')).code).toBe(2);
    expect((await line.run('plan', 'team-a', '--set', 'dns.replicas=0', '--exit-code')).code).toBe(1);
    fake.override = ({ path }) => (path.endsWith('/statefulsets/team-a') ? status(403, 'Forbidden', 'no') : undefined);
    expect((await line.run('plan', 'team-a', '--exit-code')).code).toBe(1);
  });

  it('refuses a name that is taken by something else', async () => {
    fake.put(
      { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'team-a', namespace: 'vcluster-team-a' } },
      'statefulsets',
    );
    expect((await line.run('plan', 'team-a')).err).toContain('[OWNERSHIP_CONFLICT]');
  });
});
