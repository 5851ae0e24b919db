import { clusterNames } from '../../lib';
import { createTestCluster, type KubectlTarget, kubectlTarget, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { namespace, pod, webPod } from '../support/manifests';
import { sharedHost } from '../support/shared-host';

/** A namespace in which the tenant has lifted what the virtual API server's own admission demands. */
const LIFTED = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'lifted', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
};

/** Everything on a host that a virtual cluster could leave, as `resource/name`, but for what lives for a while by itself. */
async function inventory(host: KubectlTarget): Promise<ReadonlySet<string>> {
  const kinds = await host.kubectl(['api-resources', '--verbs=list,delete', '-o', 'name']);
  const kept = kinds
    .split('\n')
    .filter((kind) => kind !== '' && !/^(events|leases|endpoints|pods|ipaddresses)\b/.test(kind));
  const found = await host.kubectl(['get', kept.join(','), '-A', '--ignore-not-found', '-o', 'name'], {
    timeoutMs: 60_000,
  });
  return new Set(found.split('\n').filter((line) => line !== ''));
}

describe('a hostile tenant on a real kubelet', () => {
  let cluster: TestCluster;
  let host: KubectlTarget;
  let before: ReadonlySet<string>;
  let isGone = false;
  beforeAll(async () => {
    host = kubectlTarget((await sharedHost()).kubeconfig);
    before = await inventory(host);
    cluster = await createTestCluster('hostile');
    await cluster.apply(LIFTED, namespace('shop'), webPod('web'));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/web', '--timeout=90s']);
  }, 240_000);
  afterAll(async () => {
    if (!isGone) await cluster?.[Symbol.asyncDispose]();
  }, 120_000);

  const told = (name: string, reason: string) =>
    eventually(
      async () => {
        const events = await cluster.json(['get', 'events', '-n', 'lifted']);
        const about = (event: { involvedObject: { name: string }; reason: string }) =>
          event.involvedObject.name === name && event.reason === reason;
        return events.items.find(about)?.message as string | undefined;
      },
      { what: `an event ${reason} about ${name}` },
    );
  const onHost = (name: string, from = 'lifted') =>
    cluster.host.tryKubectl(['get', 'pod', `${name}-x-${from}-x-hostile`, '-n', cluster.namespace]);

  describe('row 1: what leads out of a container', () => {
    test.each<[string, object, object]>([
      ['privileged', { securityContext: { privileged: true } }, {}],
      ['host-pid', {}, { hostPID: true }],
      ['capability', { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }, {}],
    ])(
      'denied: %s is never made on the host, and the event names policy and field',
      async (name, container, spec) => {
        await cluster.apply(pod(name, { command: ['sleep', '60'], ...container }, spec, 'lifted'));
        const message = await told(name, 'PodSecurity');
        expect(message).toMatch(/^Pod Security "baseline": spec\./);
        expect(message).not.toContain(cluster.namespace);
        expect((await onHost(name)).code).not.toBe(0);
      },
      60_000,
    );

    test('row 3, denied: neither is it added to a pod that runs', async () => {
      await cluster.apply(pod('clean', { command: ['sleep', '600'] }, {}, 'lifted'));
      await cluster.kubectl(['wait', '-n', 'lifted', '--for=condition=ready', 'pod/clean', '--timeout=90s']);
      const words = ['debug', 'clean', '-n', 'lifted', '--image=docker.io/library/busybox:1.37', '--profile=sysadmin'];
      await cluster.tryKubectl([...words, '--', 'sleep', '60']);
      await told('clean', 'PodSecurity');
      const found = await cluster.host.json(['get', 'pod', 'clean-x-lifted-x-hostile', '-n', cluster.namespace]);
      expect(found.spec.ephemeralContainers ?? []).toEqual([]);
    }, 120_000);

    test('row 3 and row 1, allowed: a pod without it runs', async () => {
      expect((await cluster.kubectl(['exec', 'clean', '-n', 'lifted', '--', 'echo', 'well'])).trim()).toBe('well');
    }, 60_000);
  });

  describe('row 2: directories of the node', () => {
    const mounting = (name: string, source: object) =>
      pod(
        name,
        { command: ['sleep', '60'], volumeMounts: [{ name: 'node', mountPath: '/node' }] },
        { volumes: [{ name: 'node', ...source }] },
        'lifted',
      );

    test('denied: as a volume of the pod', async () => {
      await cluster.apply(mounting('mounts-root', { hostPath: { path: '/' } }));
      await told('mounts-root', 'PodSecurity');
      expect((await onHost('mounts-root')).code).not.toBe(0);
    }, 60_000);

    test('denied: by way of a volume and a claim, which Pod Security does not see', async () => {
      const spec = { accessModes: ['ReadWriteOnce'], storageClassName: 'mine' };
      await cluster.apply(
        {
          apiVersion: 'v1',
          kind: 'PersistentVolume',
          metadata: { name: 'root' },
          spec: { ...spec, capacity: { storage: '1Gi' }, hostPath: { path: '/' } },
        },
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'root', namespace: 'lifted' },
          spec: { ...spec, volumeName: 'root', resources: { requests: { storage: '1Gi' } } },
        },
        mounting('claims-root', { persistentVolumeClaim: { claimName: 'root' } }),
      );
      await cluster.apply(pod('sentinel', { command: ['sleep', '600'] }, {}, 'lifted'));
      await cluster.kubectl(['wait', '-n', 'lifted', '--for=condition=ready', 'pod/sentinel', '--timeout=90s']);
      const volumes = (await cluster.host.json(['get', 'persistentvolumes'])).items;
      expect(JSON.stringify(volumes)).not.toContain('"hostPath":{"path":"/"');
      const { status } = await cluster.json(['get', 'pod', 'claims-root', '-n', 'lifted']);
      expect(status.phase).toBe('Pending');
      await cluster.kubectl(['delete', 'pod/claims-root', 'pvc/root', 'pv/root', '-n', 'lifted', '--wait=false']);
    }, 120_000);

    test('allowed: a directory of the pod itself', async () => {
      await cluster.apply(mounting('mounts-own', { emptyDir: {} }));
      await cluster.kubectl(['wait', '-n', 'lifted', '--for=condition=ready', 'pod/mounts-own', '--timeout=90s']);
    }, 100_000);
  });

  describe('row 21 and row 22: the kubelet API', () => {
    const proxied = async (path: string) => {
      const [node] = (await cluster.json(['get', 'nodes'])).items;
      return cluster.tryKubectl(['get', '--raw', `/api/v1/nodes/${node.metadata.name}/proxy/${path}`]);
    };

    test.each([
      'logs/',
      'configz',
      'debug/pprof/heap',
      'metrics',
      'spec',
      '%2e%2e/pods',
      'Pods',
      'checkpoint/default/web/main',
      'run/default/web/main?cmd=id',
      'containerLogs/default/hostile-0/syncer',
    ])(
      'row 21, denied: %s',
      async (path) => {
        expect((await proxied(path)).code).not.toBe(0);
      },
      30_000,
    );

    test('row 21, allowed: the tenant’s own pods, and none of others', async () => {
      const pods = JSON.parse((await proxied('pods')).stdout).items as readonly {
        readonly metadata: { name: string };
      }[];
      const names = pods.map(({ metadata }) => metadata.name);
      expect(names).toContain('web');
      expect(names).not.toContain('hostile-0');
      expect((await proxied('containerLogs/default/web/main')).code).toBe(0);
    }, 30_000);

    test('row 22, denied: whoever the tenant claims to be, nothing of it reaches the host', async () => {
      const as = ['--as=system:admin', '--as-group=system:masters'];
      const onForeign = ['logs', 'hostile-0', '-n', cluster.namespace, ...as];
      expect((await cluster.tryKubectl(onForeign)).code).not.toBe(0);
      // The virtual API server decides: who has no right there gets nothing from the kubelet either.
      expect((await cluster.tryKubectl(['logs', 'web', '--as=nobody'])).stderr).toContain('Forbidden');
    }, 30_000);

    test('row 22, allowed: as somebody whom the virtual cluster lets', async () => {
      const as = ['--as=somebody', '--as-group=system:masters'];
      expect((await cluster.tryKubectl(['logs', 'web', ...as])).code).toBe(0);
    }, 30_000);
  });

  describe('row 23: what the host is like', () => {
    test('denied: nodes and events tell no address, name or load of it', async () => {
      const seen = JSON.stringify([await cluster.json(['get', 'nodes']), await cluster.json(['get', 'events', '-A'])]);
      const [node] = (await host.json(['get', 'nodes'])).items;
      const address = node.status.addresses.find(({ type }: { type: string }) => type === 'InternalIP').address;
      for (const secret of [
        address,
        node.spec.podCIDR,
        node.status.nodeInfo.machineID,
        cluster.namespace,
        '-x-hostile',
      ])
        expect(seen).not.toContain(secret);
    }, 30_000);

    test('allowed: the node of a pod has a name and is ready', async () => {
      const { nodeName } = (await cluster.json(['get', 'pod', 'web'])).spec;
      await cluster.kubectl(['wait', `node/${nodeName}`, '--for=condition=ready', '--timeout=30s']);
    }, 40_000);
  });

  describe('row 34: what is left of a tenant', () => {
    test('denied: nothing stays on the host', async () => {
      await cluster[Symbol.asyncDispose]();
      isGone = true;
      const left = await eventually(
        async () => {
          const more = [...(await inventory(host))].filter((line) => !before.has(line));
          return more.length === 0 ? ([] as readonly string[]) : undefined;
        },
        { what: 'the host to be as it was', timeoutMs: 60_000, everyMs: 1_000 },
      );
      expect(left).toEqual([]);
      expect(await host.kubectl(['get', 'pods', '-A', '-l', `release=${clusterNames('hostile').controlPlane}`])).toBe(
        '',
      );
    }, 180_000);

    test('allowed: the host works on', async () => {
      await host.kubectl(['get', '--raw=/readyz']);
    }, 30_000);
  });
});
