import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { generate, type Manifest, parseSpec, resolveSpec, type VirtualClusterSpec } from '../../lib';
import { createKubeClient } from '../../syncer/kube/client';
import { connectionOfKubeconfig } from '../../syncer/kube/config';
import { declarations } from '../support/declarations/arbitrary';
import { keepsFixed } from '../support/declarations/immutable';
import { versions } from '../support/declarations/versions';
import { resourceOf, type TestApi, testApi } from './support/api';
import { apiHost } from './support/host';

/** Every version of Kubernetes sees the same declarations. */
const SEED = 20_261_124;
const DECLARATIONS = 60;
const CHANGED = 12;
/** Names of this run's own, for all files share the host. */
const RUN = randomBytes(3).toString('hex');

jest.setTimeout(300_000);

let host: TestApi;
const made = new Set<string>();
const namespaceObject = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

beforeAll(async () => {
  host = testApi(createKubeClient(connectionOfKubeconfig((await apiHost()).kubeconfig)), 'host');
});

afterAll(async () => {
  await Promise.all([...made].map((name) => host.delete(namespaceObject(name))));
  host.client.close();
});

/** The ports that a host gives Services are its own choice, which a declaration can't know. */
function withHostsPorts(declaration: VirtualClusterSpec): VirtualClusterSpec {
  const { controlPlane, endpoint } = declaration;
  const { service } = controlPlane ?? {};
  return parseSpec({
    ...declaration,
    ...(service?.type === 'NodePort' &&
      service.nodePort !== undefined && {
        controlPlane: { ...controlPlane, service: { ...service, nodePort: 30_000 } },
      }),
    ...(endpoint?.via === 'nodePort' && { endpoint: { ...endpoint, nodePort: 30_001 } }),
  });
}

/** Kinds that come with an add-on, which this host has not. */
const OF_ADD_ONS: ReadonlySet<string> = new Set(['IngressRouteTCP', 'TLSRoute']);

/** The objects of a virtual cluster, with the namespaces that they lie in there. */
async function placed(declaration: VirtualClusterSpec): Promise<readonly Manifest[]> {
  const objects = generate(resolveSpec(withHostsPorts(declaration)))
    .map(({ object }) => object)
    .filter(({ kind }) => !OF_ADD_ONS.has(kind));
  for (const namespace of new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))) {
    if (made.has(namespace) || (await host.get(namespaceObject(namespace))) !== undefined) continue;
    made.add(namespace);
    await host.create(namespaceObject(namespace));
  }
  return objects;
}

/** What the API server says against some objects. */
async function refusals(objects: readonly Manifest[], send: (object: Manifest) => Promise<unknown>) {
  const answers = objects.map((object) =>
    send(object).then(
      () => [],
      (error: unknown) => [`${object.kind} ${object.metadata.name}: ${String(error)}`],
    ),
  );
  return (await Promise.all(answers)).flat();
}

test('the objects of any declaration are accepted', async () => {
  const all = fc.sample(declarations(`d-${RUN}`), { numRuns: DECLARATIONS, seed: SEED });
  for (const declaration of all) {
    // One that is there may not be made once more, not even for a test.
    const objects = (await placed(declaration)).filter(
      ({ kind, metadata }) => kind !== 'Namespace' || !made.has(metadata.name),
    );
    const refused = await refusals(objects, (object) =>
      host.client.create(resourceOf(object), object.metadata.namespace, object, { dryRun: true }),
    );
    expect({ declaration, refused }).toEqual({ declaration, refused: [] });
  }
});

test('any declaration can be made of any other that exists, but for what is fixed', async () => {
  const pairs = fc
    .sample(versions(`v-${RUN}`), { numRuns: CHANGED * 20, seed: SEED })
    .filter(([before, after]) => keepsFixed(before, after))
    .slice(0, CHANGED);
  expect(pairs).toHaveLength(CHANGED);
  for (const [index, [before, after]] of pairs.entries()) {
    // The second applies to the objects of the first, in a namespace that nothing else is in.
    const at = { namespace: `v-${RUN}-${index}`, createNamespace: true };
    const first = await placed({ ...before, ...at });
    expect({ before, refused: await refusals(first, apply) }).toEqual({ before, refused: [] });
    const second = await placed({ ...after, ...at });
    expect({ before, after, refused: await refusals(second, apply) }).toEqual({ before, after, refused: [] });
    await Promise.all([...first, ...second].map((object) => host.delete(object)));
  }
});

function apply(object: Manifest): Promise<unknown> {
  const { metadata } = object;
  return host.client.patch(resourceOf(object), metadata.namespace, metadata.name, object, {
    type: 'application/apply-patch+yaml',
    fieldManager: 'sublet-test',
    force: true,
  });
}
