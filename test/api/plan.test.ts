import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan, PlannedChange } from '../../lib/manifests';
import type { VirtualClusterOptions } from '../../lib/spec';
import { createKubeClient } from '../../syncer/kube/client';
import { connectionOfKubeconfig } from '../../syncer/kube/config';
import { sublet } from '../support/cluster';
import type { CommandResult } from '../support/command';
import { type TestApi, testApi } from './support/api';
import { apiHost } from './support/host';

jest.setTimeout(180_000);

const id = `p${randomBytes(3).toString('hex')}`;
const storageClass = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: id } };

let home: string;
let host: TestApi;
let clusters = 0;

beforeAll(async () => {
  const { kubeconfig } = await apiHost();
  home = await mkdtemp(join(tmpdir(), 'sublet-test-'));
  await copyFile(kubeconfig, join(home, 'config'));
  host = testApi(createKubeClient(connectionOfKubeconfig(kubeconfig)), 'host');
  await host.create({ ...storageClass, provisioner: 'example.com/none' });
});
afterAll(async () => {
  await host.delete(storageClass);
  host.client.close();
  await rm(home, { recursive: true });
});

/** Policies in the same file, as further documents. */
type Policies = readonly { readonly kind: string; readonly [field: string]: unknown }[];

/** A virtual cluster whose control plane nobody starts: its objects alone are looked at. */
interface Declared extends AsyncDisposable {
  /** Applies a declaration, as `sublet create` does. */
  apply(options: VirtualClusterOptions, ...policies: Policies): Promise<CommandResult>;
  plan(options: VirtualClusterOptions, ...policies: Policies): Promise<Plan & { readonly code: number }>;
}

async function declared(options: VirtualClusterOptions, ...policies: Policies): Promise<Declared> {
  clusters += 1;
  const name = `${id}-${clusters}`;
  const run = (...args: readonly string[]) => sublet(args, { HOME: home, KUBECONFIG: join(home, 'config') });
  const file = join(home, `${name}.json`);
  const write = (...documents: readonly object[]) =>
    writeFile(file, documents.map((document) => JSON.stringify(document)).join('\n---\n'));
  const apply = async (...documents: readonly object[]) => {
    await write(...documents);
    return run('create', name, '--values', file, '--upgrade', '--no-wait', '--no-connect');
  };
  const first = await apply(options, ...policies);
  if (first.code !== 0) throw new Error(`sublet create failed: ${first.stderr}`);
  return {
    apply,
    async plan(...documents) {
      await write(...documents);
      const { code, stdout, stderr } = await run('plan', name, '--values', file, '--exit-code', '-o', 'json');
      if (code === 1) throw new Error(`sublet plan failed: ${stdout}${stderr}`);
      return { code, ...JSON.parse(stdout) };
    },
    async [Symbol.asyncDispose]() {
      const deleted = await run('delete', name);
      if (deleted.code !== 0) throw new Error(`sublet delete failed: ${deleted.stderr}`);
    },
  };
}

const differing = ({ changes }: Plan): readonly PlannedChange[] => changes.filter(({ effect }) => effect !== 'none');

const onVolume: VirtualClusterOptions = {
  store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', storageClass: id } },
};
const loadBalancer = (loadBalancerClass: string): VirtualClusterOptions => ({
  ...onVolume,
  controlPlane: { service: { type: 'LoadBalancer', loadBalancerClass } },
});

describe('the plan against what an API server holds', () => {
  it.each<[string, VirtualClusterOptions]>([
    ['nothing but a store', onVolume],
    ['a store in the pod', { store: { kind: 'sqlite', persistence: { kind: 'ephemeral' } } }],
    [
      'much',
      {
        ...onVolume,
        controlPlane: {
          service: { type: 'NodePort' },
          extraSans: ['api.example.com'],
          apiServer: { resources: { requests: { cpu: '0.25', memory: '1024Mi' } }, extraArgs: { v: '4' } },
          nodeSelector: { 'example.com/pool': 'system' },
          tolerations: [{ operator: 'Exists', key: 'example.com/spot' }],
          podAnnotations: { 'example.com/scrape': 'yes' },
        },
        images: { pullSecrets: ['a'], workloadPullSecrets: ['b'] },
        nodes: { mode: 'all', scheduling: { by: 'own' } },
        sync: { toHost: { ingresses: { enabled: true }, priorityClasses: { enabled: true } } },
        namespaces: { mode: 'perNamespace' },
      },
    ],
  ])('is empty right after %s was applied', async (_what, options) => {
    await using cluster = await declared(options);
    const plan = await cluster.plan(options);
    expect(differing(plan)).toEqual([]);
    expect(plan.code).toBe(0);
  });

  it.each<[string, VirtualClusterOptions, VirtualClusterOptions, readonly string[]]>([
    [
      'a change that the syncer takes in',
      onVolume,
      { ...onVolume, dns: { replicas: 2 } },
      ['ConfigMap core: liveChange'],
    ],
    [
      'a restart of the pod, for a field that is declared no more too',
      { ...onVolume, controlPlane: { nodeSelector: { pool: 'a' }, tolerations: [{ operator: 'Exists', key: 'b' }] } },
      onVolume,
      ['StatefulSet : restart'],
    ],
    [
      'a live change, for elements of lists that are declared no more too',
      { ...onVolume, images: { workloadPullSecrets: ['a'] } },
      onVolume,
      ['ServiceAccount : liveChange'],
    ],
    [
      'rights that are new',
      onVolume,
      { ...onVolume, sync: { toHost: { priorityClasses: { enabled: true } } } },
      ['ConfigMap sync: liveChange', 'ClusterRole : create', 'ClusterRoleBinding : create'],
    ],
  ])('tells of %s, and is empty once that is applied', async (_what, before, after, expected) => {
    await using cluster = await declared(before);
    const plan = await cluster.plan(after);
    const told = differing(plan).map(({ object, effect }) => {
      const section = object.kind === 'ConfigMap' ? object.name.replace(/^.*-config-/, '') : '';
      return `${object.kind} ${section}: ${effect}`;
    });
    expect([...told].sort()).toEqual([...expected].sort());
    expect(plan.code).toBe(2);
    expect((await cluster.apply(after)).code).toBe(0);
    expect(differing(await cluster.plan(after))).toEqual([]);
  });

  it.each<[string, VirtualClusterOptions, VirtualClusterOptions, string]>([
    [
      'the size of the volume',
      onVolume,
      { store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', storageClass: id, size: '9Gi' } } },
      'recreate',
    ],
    ['the store', onVolume, { store: { kind: 'sqlite', persistence: { kind: 'ephemeral' } } }, 'dataLoss'],
    ['the class of the load balancer', loadBalancer('example.com/a'), loadBalancer('example.com/b'), 'recreate'],
  ])('knows before the API server says no: %s', async (_what, before, after, effect) => {
    await using cluster = await declared(before);
    expect(differing(await cluster.plan(after)).map((change) => change.effect)).toEqual([effect]);
    const refused = await cluster.apply(after);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/immutable|Forbidden|may not change/i);
  });

  it('counts policies in files with their virtual cluster, and leaves those of others alone', async () => {
    const waiting: VirtualClusterOptions = { ...onVolume, requires: ['nodes'] };
    const pool = (name: string) => ({ kind: 'NodeSyncPolicy', mode: 'selected', selector: { pool: name } });
    await using cluster = await declared(waiting, pool('a'));
    expect(differing(await cluster.plan(waiting, pool('a')))).toEqual([]);
    expect(differing(await cluster.plan(waiting))).toEqual([]);
    const told = differing(await cluster.plan(waiting, pool('b')));
    expect(told.map(({ object, effect }) => `${object.name.replace(/^.*-config-/, '')}: ${effect}`)).toEqual([
      'nodes: liveChange',
    ]);
    const other = differing(await cluster.plan(waiting, { kind: 'NodeSyncPolicy', mode: 'fake' }));
    expect(other.map(({ effect }) => effect)).toContain('delete');
  });
});
