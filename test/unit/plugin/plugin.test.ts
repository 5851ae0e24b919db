import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as pulumi from '@pulumi/pulumi';
import { ComponentProvider } from '@pulumi/pulumi/provider/experimental';
import { version } from '../../../package.json';
import { COMPONENTS } from '../../../plugin/components';
import { KUBECONFIG, mockEngine, settled, valueIn } from '../pulumi/mocks';

const FOLDER = join(__dirname, '../../../plugin');
const provider = new ComponentProvider({ name: 'sublet', components: COMPONENTS, dirname: FOLDER });

describe('the components for programs in other languages', () => {
  it('have the schema that is published', async () => {
    const schema: unknown = JSON.parse(await provider.getSchema());
    expect(schema).toEqual(JSON.parse(readFileSync(join(FOLDER, 'schema.json'), 'utf8')));
  }, 60_000);

  it('are of the version of this package', () => {
    const { version: own, dependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'));
    expect([own, dependencies.sublet]).toEqual([version, `^${version}`]);
  });

  it('make a virtual cluster of flat arguments and options', async () => {
    const registered = mockEngine(false);
    const { state } = await provider.construct(
      'team-a',
      'sublet:index:VirtualCluster',
      {
        kubernetesVersion: '1.36',
        requires: ['nodes'],
        options: { store: { kind: 'sqlite', persistence: { kind: 'ephemeral' } } },
      },
      {},
    );
    await settled();
    const { kubeconfig, clusterName } = state as { readonly [name: string]: pulumi.Output<string> };
    expect(clusterName && (await valueIn(clusterName))).toBe('team-a');
    expect(kubeconfig && (await valueIn(kubeconfig))).toBe(KUBECONFIG);
    const statefulSet = registered.find(({ name }) => name === 'team-a-control-plane-statefulset');
    expect(JSON.stringify(statefulSet?.inputs)).toContain('kube-apiserver:v1.36.3');
    expect(registered.map(({ name }) => name)).not.toContain('team-a-config-nodes');
  }, 60_000);

  it('make policies and endpoints', async () => {
    const registered = mockEngine(false);
    const cluster = { name: 'team-a', namespace: 'platform' };
    const construct = (type: string, inputs: pulumi.Inputs) =>
      provider.construct(type, `sublet:index:${type}`, inputs, {});
    await construct('NodeSyncPolicy', { cluster, options: { mode: 'all' } });
    await construct('SyncPolicy', { cluster, options: { toHost: { ingresses: { enabled: true } } } });
    await construct('ServiceMapping', { cluster });
    await construct('NamespaceMapping', { cluster, options: { mode: 'single' } });
    await construct('CustomResourceSync', { cluster });
    const { state } = await construct('ExposedEndpoint', {
      cluster,
      via: 'nodePort',
      hostname: 'a.example.com',
      options: { nodePort: 30_443 },
    });
    await settled();
    const sections = registered.filter(({ type }) => type === 'kubernetes:core/v1:ConfigMap').map(({ name }) => name);
    expect(sections.sort()).toEqual([
      'CustomResourceSync-config-custom-resources',
      'ExposedEndpoint-config-endpoint',
      'NamespaceMapping-config-namespaces',
      'NodeSyncPolicy-config-nodes',
      'ServiceMapping-config-services',
      'SyncPolicy-config-sync',
    ]);
    const { url } = state as { readonly url: pulumi.Output<string> };
    expect(await valueIn(url)).toBe('https://a.example.com:30443');
  }, 60_000);

  it.each([
    [{ options: 'all' }, 'options must be an object with fields, not "all"'],
    [{ requires: ['nodes'], options: { requires: [] } }, 'options.requires is declared twice: leave one of them out'],
    [{ options: { stor: {} } }, 'stor: is not a known field'],
  ])('refuse %j', async (inputs, message) => {
    mockEngine(false);
    await expect(provider.construct('team-a', 'sublet:index:VirtualCluster', inputs, {})).rejects.toThrow(message);
    await settled();
  });
});
