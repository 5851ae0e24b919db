import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { createKubeClient } from '../../syncer/kube/client';
import { connectionOfKubeconfig } from '../../syncer/kube/config';
import { output } from '../support/command';
import { eventually } from '../support/eventually';
import { examplesWith, ROOT } from '../support/examples';
import { gatewayDefinitions } from '../support/gateway-api';
import { describeRef, resourceOf, type TestApi, type TestObject, testApi } from './support/api';
import { type ExampleRun, runExample } from './support/example-program';
import { apiHost } from './support/host';

jest.setTimeout(120_000);

/** Every cdk8s example, and the second program of one. */
const RUNS: readonly (readonly [what: string, example: string, run: ExampleRun])[] = [
  ...examplesWith('cdk8s.yaml').map((name) => [name, name, { env: { PREVIEW: 'pr-17' } }] as const),
  ['teams: its policies', 'teams', { app: 'node policies.ts' }],
];
const isNamespace = ({ kind }: TestObject): boolean => kind === 'Namespace';

let host: TestApi;
let objectsOf: ReadonlyMap<string, readonly TestObject[]>;

/** What is there before an example is applied: its namespaces, and the Gateway API. */
async function surroundings(): Promise<readonly TestObject[]> {
  const definitions = (await gatewayDefinitions()).map((definition): TestObject => ({ ...definition }));
  const namespaces = [...objectsOf.values()].flat().filter(isNamespace);
  const unique = new Map(namespaces.map((namespace) => [namespace.metadata.name, namespace]));
  return [...definitions, ...unique.values()];
}

beforeAll(async () => {
  host = testApi(createKubeClient(connectionOfKubeconfig((await apiHost()).kubeconfig)), 'host');
  objectsOf = new Map(
    await Promise.all(RUNS.map(async ([what, name, run]) => [what, await runExample(name, run)] as const)),
  );
  for (const object of await surroundings()) await host.create(object);
  // The API server can't delete a definition whose storage it has yet to set up, and then tries again ever more seldom.
  const definitions = (await surroundings()).filter(({ kind }) => kind === 'CustomResourceDefinition');
  for (const { spec } of definitions) {
    const { group, names, scope, versions } = spec;
    const version = versions.find(({ storage }: { readonly storage: boolean }) => storage).name;
    const resource = { group, version, plural: names.plural, kind: names.kind, namespaced: scope === 'Namespaced' };
    await eventually(async () => (await host.list(resource)).length === 0, { what: `${names.plural} to be served` });
  }
});

afterAll(async () => {
  for (const object of await surroundings()) await host.delete(object);
  for (const object of await surroundings()) await host.untilGone(object);
  host.client.close();
});

it('the quickstart makes the very objects that `sublet render` prints for the same declaration', async () => {
  const words = ['render', 'team-a', '--kubernetes-version', '1.37', '--store', 'ephemeral'];
  const yaml = await output(process.execPath, [join(ROOT, 'dist/cli/sublet.cjs'), ...words]);
  const rendered = parseAllDocuments(yaml).map((document): TestObject => document.toJS());
  expect(byName(objectsOf.get('quickstart-cdk8s') ?? [])).toEqual(byName(rendered));
});

it.each(RUNS)('an API server takes every object of %s', async (what) => {
  const objects = objectsOf.get(what) ?? [];
  expect(objects.map(({ kind }) => kind)).toContain('ConfigMap');
  for (const object of objects.filter((one) => !isNamespace(one)))
    await host.client.create(resourceOf(object), object.metadata.namespace, object, { dryRun: true });
});

function byName(objects: readonly TestObject[]): { readonly [ref: string]: TestObject } {
  return Object.fromEntries(objects.map((object) => [describeRef(object), object]));
}
