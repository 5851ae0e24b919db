import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';
import { example, ROOT } from '../../support/examples';
import { mockEngine, type Registered, settled, valueIn } from '../pulumi/mocks';

function named(registered: readonly Registered[], name: string): Registered {
  const found = registered.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`${name} is not registered`);
  return found;
}

/** Kinds and names of the Kubernetes objects that a program makes. */
function objectsIn(registered: readonly Registered[]): readonly string[] {
  const objects = registered.filter(({ id, type }) => id === undefined && type.startsWith('kubernetes:'));
  return objects.map(({ inputs }) => JSON.stringify([inputs.kind, inputs.metadata]));
}

it('quickstart-pulumi deploys a virtual cluster, and a namespace into it', async () => {
  const registered = mockEngine(false);
  require(example('quickstart-pulumi/index.ts'));
  await settled();
  expect(registered.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['team-a', 'team-a-control-plane-statefulset', 'team-a-provider', 'shop']),
  );
});

it('the project at the root deploys what its stack configuration declares', async () => {
  const project: { main: string; name: string } = parse(readFileSync(join(ROOT, 'Pulumi.yaml'), 'utf8'));
  const registered = mockEngine(false);
  pulumi.runtime.setAllConfig({
    [`${project.name}:name`]: 'team-z',
    [`${project.name}:cluster`]:
      '{"kubernetes":{"version":"1.36"},"store":{"kind":"sqlite","persistence":{"kind":"ephemeral"}}}',
  });
  require(join(ROOT, project.main));
  await settled();
  const statefulSet = named(registered, 'team-z-control-plane-statefulset');
  expect(JSON.stringify(statefulSet.inputs)).toContain('kube-apiserver:v1.36.3');
});

it('workload-pulumi deploys a workload by a provider that knows its cluster by name, and gives up one that is gone', async () => {
  const registered = mockEngine(false);
  pulumi.runtime.setAllConfig({ 'project:hostname': 'team-a.example.com' });
  require(example('workload-pulumi/index.ts'));
  await settled();
  const provider = named(registered, 'inside-team-a');
  expect(provider.inputs).toMatchObject({
    clusterIdentifier: 'sublet/vcluster-team-a/team-a',
    deleteUnreachable: 'true',
  });
  for (const { provider: by } of registered.filter(({ name }) => name === 'web' || name === 'shop'))
    expect(by).toContain('::inside-team-a::');
  const kinds = registered.filter(({ name }) => name === 'web').map(({ type }) => type);
  expect(kinds.sort()).toEqual(['kubernetes:apps/v1:Deployment', 'kubernetes:core/v1:Service']);
});

describe('gitops', () => {
  const kubeconfig = JSON.stringify({
    clusters: [{ name: 'a', cluster: { 'certificate-authority-data': 'Y2E=' } }],
    users: [{ name: 'a', user: { 'client-certificate-data': 'Y2VydA==', 'client-key-data': 'a2V5' } }],
  });

  it('leads Flux and Argo CD into the virtual cluster', async () => {
    const registered = mockEngine(false, { kubeconfig });
    pulumi.runtime.setAllConfig({ 'project:repository': 'https://git.example.com/team-a' });
    require(example('gitops/index.ts'));
    await settled();
    expect(named(registered, 'flux-kustomization').inputs).toMatchObject({
      metadata: { namespace: 'vcluster-team-a' },
      spec: {
        kubeConfig: { secretRef: { name: 'vc-team-a', key: 'config' } },
        sourceRef: { kind: 'GitRepository', name: 'team-a' },
      },
    });
    const tlsClientConfig = { caData: 'Y2E=', certData: 'Y2VydA==', keyData: 'a2V5' };
    expect(named(registered, 'argo-cd-cluster').inputs).toMatchObject({
      metadata: { namespace: 'argocd', labels: { 'argocd.argoproj.io/secret-type': 'cluster' } },
      stringData: {
        value: {
          name: 'team-a',
          server: 'https://team-a.vcluster-team-a.svc',
          config: JSON.stringify({ tlsClientConfig }),
        },
      },
    });
  });
});

describe('policies-stack', () => {
  it('has policies before there is a cluster, which takes its namespace from their stack', async () => {
    const first = mockEngine(false);
    const platform: { name: string; namespace: pulumi.Output<string> } = require(
      example('policies-stack/policies/index.ts'),
    );
    await settled();
    const namespace = await valueIn(platform.namespace);
    expect(named(first, 'team-a-nodes-config-nodes').inputs).toMatchObject({ metadata: { namespace } });

    const stacks = { 'organization/sublet-policies/stack': { name: platform.name, namespace } };
    const second = mockEngine(false, { stacks });
    require(example('policies-stack/cluster/index.ts'));
    await settled();
    const statefulSet = named(second, `${platform.name}-control-plane-statefulset`);
    expect(statefulSet.inputs).toMatchObject({ metadata: { name: platform.name, namespace: 'tenant-team-a' } });
    // Each object belongs to one of the stacks, the namespace included.
    const theirs = objectsIn(first);
    expect(objectsIn(second).filter((object) => theirs.includes(object))).toEqual([]);
  });
});

it('high-availability leads three pods to a database, whose URL is a secret and stands in its Secret alone', async () => {
  const registered = mockEngine(false);
  const databaseUrl = 'postgres://team_a:hunter2@db.example.com:5432/team_a';
  pulumi.runtime.setAllConfig({ 'project:databaseUrl': databaseUrl });
  require(example('high-availability/index.ts'));
  await settled();
  const statefulSet = named(registered, 'team-a-control-plane-statefulset');
  expect(statefulSet.inputs).toMatchObject({ metadata: { namespace: 'vcluster-team-a' }, spec: { replicas: 3 } });
  expect(JSON.stringify(statefulSet.inputs)).toContain('"secretKeyRef":{"key":"endpoint","name":"team-a-database"}');
  const holders = registered.filter(({ inputs }) => JSON.stringify(inputs).includes('hunter2')).map(({ name }) => name);
  expect(holders).toEqual(['team-a-database']);
  expect(named(registered, 'team-a-control-plane-disruption-budget').type).toBe(
    'kubernetes:policy/v1:PodDisruptionBudget',
  );
});
