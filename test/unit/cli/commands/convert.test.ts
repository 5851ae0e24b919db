import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type CommandLine, commandLine } from '../support/command-line';

const VALUES = `
controlPlane:
  coredns: {deployment: {replicas: 2}}
  statefulSet: {highAvailability: {replicas: 3}}
`;
let cli: CommandLine;
let file: string;
beforeEach(async () => {
  cli = await commandLine('https://nowhere.invalid');
  file = join(cli.home, 'values.yaml');
  await writeFile(file, VALUES);
});
afterEach(async () => cli[Symbol.asyncDispose]());

test('a values file becomes a program, with what is left to do as comments and on standard error', async () => {
  const { code, out, err } = await cli.run('convert', file, '--name', 'team-a');
  expect(code).toBe(0);
  expect(out).toBe(`import { App, Chart } from 'cdk8s';
import { VirtualCluster } from 'sublet/cdk8s';

const app = new App();
const chart = new Chart(app, 'team-a');

// Not converted from the vCluster values:
// - controlPlane.statefulSet.highAvailability.replicas: the control plane is one pod, as its store is SQLite; several take a store outside
new VirtualCluster(chart, 'team-a', {
  dns: { replicas: 2 },
});

app.synth();
`);
  expect(err).toContain('keys: 1 converted, 0 not needed, 1 left to you');
  expect(err).toContain('! controlPlane.statefulSet.highAvailability.replicas');
});

test('--framework pulumi writes a program for Pulumi', async () => {
  const { out } = await cli.run('convert', file, '--framework', 'pulumi');
  expect(out).toContain("import { VirtualCluster } from 'sublet/pulumi';");
  expect(out).toContain('export const kubeconfig = cluster.kubeconfig;');
});

test('-v says what became of every key', async () => {
  const { err } = await cli.run('convert', file, '-v');
  expect(err).toContain('controlPlane.coredns.deployment.replicas becomes dns.replicas');
});

test('-o json gives the declaration and the notes', async () => {
  const { out } = await cli.run('convert', file, '--name', 'team-a', '-n', 'tenants', '-o', 'json');
  expect(JSON.parse(out)).toMatchObject({
    kind: 'Conversion',
    spec: { name: 'team-a', namespace: 'tenants', dns: { replicas: 2 } },
    notes: expect.arrayContaining([
      expect.objectContaining({ kind: 'converted', path: 'controlPlane.coredns.deployment.replicas' }),
    ]),
  });
});

test('--as spec writes a declaration that sublet render takes', async () => {
  const { out } = await cli.run('convert', file, '--name', 'team-a', '--as', 'spec');
  expect(parse(out)).toEqual({ name: 'team-a', dns: { replicas: 2 } });
  const declaration = join(cli.home, 'team-a.yaml');
  await writeFile(declaration, out);
  expect(await cli.run('render', '-f', declaration)).toMatchObject({ code: 0, err: '' });
});

test.each([
  ['sync: {ingresses: {enabled: true}}', 'vcluster convert config'],
  ['- a', 'not a mapping of fields'],
  ['a: [', 'is not YAML'],
])('%s is refused', async (content, hint) => {
  await writeFile(file, content);
  const { code, out, err } = await cli.run('convert', file);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(hint);
});

test('a name that no virtual cluster can have is refused', async () => {
  const { code, err } = await cli.run('convert', file, '--name', 'Team_A');
  expect(code).toBe(2);
  expect(err).toContain('for example: team-a');
});
