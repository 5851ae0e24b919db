import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patch } from '../../lib';
import { createTestCluster, kubectlTarget, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { FOO_DEFINITION, helmInstall, prepareOperator } from '../support/sample-operator';
import { sharedHost } from '../support/shared-host';

const FOO = 'foos.samplecontroller.k8s.io';

describe('an operator of the tenant whose custom resources the platform takes part in', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    const host = await sharedHost();
    await prepareOperator(host);
    await kubectlTarget(host.kubeconfig).apply(FOO_DEFINITION);
    const directory = await mkdtemp(join(tmpdir(), 'sublet-custom-'));
    const file = join(directory, 'values.json');
    await writeFile(
      file,
      JSON.stringify({
        customResources: { toHost: [{ definition: FOO, version: 'v1alpha1', kind: 'Foo' }] },
        patches: [
          patch({
            kind: 'pods',
            oneWay: true,
            toHost: (pod, { cluster: name }) => ({
              ...pod,
              metadata: { ...pod.metadata, labels: { ...pod.metadata?.labels, 'example.com/billed-to': name } },
            }),
          }),
          patch({
            kind: FOO,
            toHost: (foo) => ({ ...foo, spec: { ...Object(foo.spec), replicas: 7 } }),
            toVirtual: (foo) => foo,
          }),
        ],
      }),
    );
    cluster = await createTestCluster('custom', ['-f', file]);
    await rm(directory, { recursive: true });
    // A machine without the binary builds it first.
  }, 1_800_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    const host = await sharedHost();
    await kubectlTarget(host.kubeconfig).kubectl(['delete', 'crd', FOO, '--ignore-not-found']);
  }, 180_000);

  test('is installed by Helm with its CRD, and does its work', async () => {
    await eventually(async () => (await cluster.tryKubectl(['get', 'crd', FOO])).code === 0, {
      what: 'the definition',
    });
    await helmInstall(cluster.kubeconfig, 'sample');
    await cluster.apply({
      apiVersion: 'samplecontroller.k8s.io/v1alpha1',
      kind: 'Foo',
      metadata: { name: 'example', namespace: 'default', labels: { app: 'example' } },
      spec: { deploymentName: 'example', replicas: 1 },
    });
    const status = await eventually(
      async () => {
        const { status: found } = await cluster.json(['get', FOO, 'example']);
        return found?.availableReplicas === 1 ? found : undefined;
      },
      { what: 'a Foo with a pod that runs', timeoutMs: 120_000 },
    );
    expect(status).toEqual({ availableReplicas: 1 });
  }, 400_000);

  test('has its custom resource on the host too, as the platform changes it', async () => {
    const copy = ['get', FOO, 'example-x-default-x-custom', '-n', cluster.namespace];
    const host = await eventually(async () => cluster.host.json(copy), { what: 'the copy of the Foo' });
    expect(host.spec).toEqual({ deploymentName: 'example', replicas: 7 });
    expect(host.metadata.labels).toMatchObject({
      'vcluster.loft.sh/managed-by': 'custom',
      'vcluster.loft.sh/namespace': 'default',
    });
    await cluster.kubectl(['patch', FOO, 'example', '--type=merge', '-p', '{"spec":{"deploymentName":"other"}}']);
    await eventually(async () => (await cluster.host.json(copy)).spec.deploymentName === 'other', {
      what: 'the change',
    });
  }, 120_000);

  test('has pods that carry what the platform puts on them, out of the tenant’s sight', async () => {
    const { items } = await cluster.host.json([
      'get',
      'pods',
      '-n',
      cluster.namespace,
      '-l',
      'example.com/billed-to=custom',
    ]);
    const names: readonly string[] = items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    expect(names).toEqual(expect.arrayContaining([expect.stringMatching(/^example-.*-x-default-x-custom$/)]));
    const shown = await cluster.json(['get', 'pods', '-A', '-l', 'example.com/billed-to']);
    expect(shown.items).toEqual([]);
  }, 60_000);

  test('has nothing on the host any more once the tenant has deleted it', async () => {
    await cluster.kubectl(['delete', FOO, 'example']);
    await eventually(
      async () =>
        (await cluster.host.tryKubectl(['get', FOO, 'example-x-default-x-custom', '-n', cluster.namespace])).code !== 0,
      { what: 'the copy to be gone' },
    );
  }, 60_000);
});
