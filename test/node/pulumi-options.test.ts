import * as k8s from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { unknownValue } from '@pulumi/pulumi/runtime/rpc';
import { NodeSyncPolicy, Persistence, Store, VirtualCluster } from '../../lib/pulumi';
import { eventually } from '../support/eventually';
import { partsOf } from '../support/pulumi/parts';
import { type PulumiSession, START_TIMEOUT_MS, startSession } from '../support/pulumi/session';
import { changesOf, type Step, type TestStack } from '../support/pulumi/stack';

const NAMESPACE = 'orchard';

/** A cluster in a namespace that is somebody else's, by a provider of its own, with values that other resources decide. */
const program =
  (kubeconfig: string, options: pulumi.ComponentResourceOptions & { readonly as?: string } = {}) =>
  async () => {
    const provider = new k8s.Provider('host', { kubeconfig, namespace: NAMESPACE });
    const facts = new k8s.core.v1.ConfigMap('facts', { data: { owner: 'fruit' } }, { provider });
    const { as = 'plum', ...others } = options;
    const cluster = new VirtualCluster(
      as,
      {
        name: 'plum',
        namespace: facts.metadata.namespace,
        createNamespace: false,
        requires: ['nodes'],
        store: Store.sqlite({ persistence: Persistence.ephemeral() }),
        controlPlane: {
          podAnnotations: { 'example.com/facts': facts.metadata.uid },
          extraSans: [facts.data.apply(({ owner }) => `${owner}.example.com`)],
        },
      },
      {
        ...others,
        provider,
        transforms: [
          ({ type, props, opts }) =>
            type === 'kubernetes:core/v1:Service'
              ? { props: { ...props, metadata: { ...props.metadata, annotations: { transformed: 'yes' } } }, opts }
              : undefined,
        ],
      },
    );
    new NodeSyncPolicy('plum-nodes', { cluster, mode: 'fake' }, { provider });
    new k8s.core.v1.ConfigMap('afterwards', {}, { provider, dependsOn: cluster });
  };

describe('a VirtualCluster with resource options and outputs of other resources', () => {
  let session: PulumiSession;
  let stack: TestStack;
  beforeAll(async () => {
    // A resource that forgot the component's provider would find no cluster.
    session = await startSession('/dev/null');
    await session.host.kubectl(['create', 'namespace', NAMESPACE]);
    stack = await session.engine.stack('options', program(session.host.kubeconfig));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
    await session?.host.kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found']);
    await session?.[Symbol.asyncDispose]();
  }, 180_000);

  test('preview shows every object although other resources decide about their fields', async () => {
    const { begun } = await stack.preview();
    const expected = partsOf({ name: 'plum', createNamespace: false, requires: ['nodes'] });
    const parts = begun.filter(({ name }) => expected.includes(name));
    expect(parts.map(({ name }) => name).sort()).toEqual(expected);
    expect(begun.map(({ name }) => name)).toContain('plum-nodes-config-nodes');
    for (const { inputs } of parts) {
      expect(inputs).toMatchObject({ metadata: { name: expect.stringContaining('plum') } });
    }
    const [set] = parts.filter(({ name }) => name === 'plum-control-plane-statefulset');
    expect(set?.inputs).toMatchObject({
      spec: { template: { metadata: { annotations: { 'example.com/facts': unknownValue } } } },
    });
  }, 60_000);

  test('up puts those values where they belong, by the provider that was given, and transforms take effect', async () => {
    const run = await stack.up();
    const orderOf = (steps: readonly Step[], wanted: string): number =>
      steps.find(({ name }) => name === wanted)?.order ?? Number.NaN;
    expect(orderOf(run.begun, 'afterwards')).toBeGreaterThan(orderOf(run.ended, 'plum-control-plane-statefulset'));
    const uid = (await session.host.json(['get', 'configmaps', '-n', NAMESPACE])).items.find(
      ({ metadata }: { metadata: { name: string } }) => metadata.name.startsWith('facts-'),
    ).metadata.uid;
    const pod = await session.host.json(['get', 'pod', 'plum-0', '-n', NAMESPACE]);
    expect(pod.metadata.annotations).toMatchObject({ 'example.com/facts': uid });
    const core = await session.host.json(['get', 'configmap', 'plum-config-core', '-n', NAMESPACE]);
    expect(JSON.parse(core.data['config.json'])).toMatchObject({ extraSans: ['fruit.example.com'] });
    const service = await session.host.json(['get', 'service', 'plum', '-n', NAMESPACE]);
    expect(service.metadata.annotations).toMatchObject({ transformed: 'yes' });
    expect(changesOf(await stack.up())).toEqual([]);
  }, 180_000);

  test('under another name in the program, it goes on as it is when its alias is told', async () => {
    stack.program(program(session.host.kubeconfig, { as: 'peach', aliases: [{ name: 'plum' }] }));
    const { begun, ended } = await stack.up();
    expect(changesOf({ begun, ended, changes: {} })).toEqual([]);
    expect(begun.map(({ name }) => name)).toContain('peach-control-plane-statefulset');
  }, 60_000);

  test('protected, nothing that it is made of is destroyed', async () => {
    const { kubeconfig } = session.host;
    stack.program(program(kubeconfig, { as: 'peach', protect: true }));
    await stack.up();
    await expect(stack.destroy()).rejects.toThrow(/protected|protection/);
    const { status } = await session.host.json(['get', 'statefulset', 'plum', '-n', NAMESPACE]);
    expect(status.readyReplicas).toBe(1);
    stack.program(program(kubeconfig, { as: 'peach' }));
    await stack.up();
  }, 120_000);

  test('destroy leaves the namespace, and of the cluster only what says who it is', async () => {
    await stack.destroy();
    const kinds =
      'all,configmaps,secrets,serviceaccounts,roles,rolebindings,persistentvolumeclaims,leases,endpointslices';
    const left = async (): Promise<readonly string[]> =>
      (await session.host.kubectl(['get', kinds, '-n', NAMESPACE, '-o', 'name'])).trim().split('\n').sort();
    // What the syncer made goes with the Service, by and by.
    await eventually(async () => !(await left()).some((name) => name.startsWith('pod/')), { what: 'the pods to go' });
    expect(await left()).toEqual([
      'configmap/kube-root-ca.crt',
      'lease.coordination.k8s.io/vcluster-plum-controller',
      'secret/plum-certs',
      'serviceaccount/default',
    ]);
  }, 180_000);
});
