import { clusterNames, hostName } from '../../lib';
import { RESOURCES } from '../../syncer/kube/resources';
import { toHostPod } from '../../syncer/pods';
import type { TestObject } from '../api/support/api';
import { usePair } from '../api/support/use-pair';
import { eventually } from '../support/eventually';
import { podContext } from '../unit/pods/fixtures';

const pair = usePair();

const pod = (name: string, spec: object, container: object = {}): TestObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image: 'registry.example/web:1', ...container }],
    ...spec,
  },
});
const copyOf = ({ metadata: { name = '' } }: TestObject) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: hostName(name, 'default', pair().name), namespace: pair().namespace },
});

/** What became of a pod: its copy on the host, or the reason for which there is none. */
async function outcomeOf(created: TestObject): Promise<{ readonly copy?: TestObject; readonly reason?: string }> {
  const { virtual, host } = pair();
  return eventually(
    async () => {
      const copy = await host.get(copyOf(created));
      if (copy !== undefined) return { copy };
      const events = await virtual.list(RESOURCES.events, 'default');
      const told = events.find(({ involvedObject }) => involvedObject.uid === created.metadata.uid);
      return told && { reason: told.reason };
    },
    { what: `an outcome for pod ${created.metadata.name}` },
  );
}

/** Where a text stands in an object as a value of its own. */
function placesOf(text: string, value: unknown, path = ''): readonly string[] {
  if (value === text) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => placesOf(text, inner, `${path}.${key}`));
}

const volume = (source: object) => (name: string) =>
  [{ volumes: [{ name: 'v', ...JSON.parse(JSON.stringify(source).replaceAll('NAME', name)) }] }, {}] as const;
const container = (fields: object) => (name: string) =>
  [{}, JSON.parse(JSON.stringify(fields).replaceAll('NAME', name))] as const;

/** Every way in which a pod can name a Secret or ConfigMap of its namespace. */
const WAYS: readonly (readonly [string, (name: string) => readonly [object, object]])[] = [
  ['volume-secret', volume({ secret: { secretName: 'NAME' } })],
  ['volume-config', volume({ configMap: { name: 'NAME' } })],
  ['projected-secret', volume({ projected: { sources: [{ secret: { name: 'NAME' } }] } })],
  ['projected-config', volume({ projected: { sources: [{ configMap: { name: 'NAME' } }] } })],
  ['csi', volume({ csi: { driver: 'x.example.com', nodePublishSecretRef: { name: 'NAME' } } })],
  [
    'iscsi',
    volume({
      iscsi: { targetPortal: '1.2.3.4', iqn: 'iqn.2001-04.com.example:s', lun: 0, secretRef: { name: 'NAME' } },
    }),
  ],
  ['rbd', volume({ rbd: { monitors: ['1.2.3.4'], image: 'i', secretRef: { name: 'NAME' } } })],
  ['cephfs', volume({ cephfs: { monitors: ['1.2.3.4'], secretRef: { name: 'NAME' } } })],
  ['flex', volume({ flexVolume: { driver: 'example/driver', secretRef: { name: 'NAME' } } })],
  ['azure-file', volume({ azureFile: { secretName: 'NAME', shareName: 's' } })],
  ['scale-io', volume({ scaleIO: { gateway: 'g', system: 's', volumeName: 'v', secretRef: { name: 'NAME' } } })],
  ['storage-os', volume({ storageos: { volumeName: 'v', secretRef: { name: 'NAME' } } })],
  ['claim', volume({ persistentVolumeClaim: { claimName: 'NAME' } })],
  ['env-secret', container({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'NAME', key: 'k' } } }] })],
  ['env-config', container({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'NAME', key: 'k' } } }] })],
  ['env-from-secret', container({ envFrom: [{ secretRef: { name: 'NAME' } }] })],
  ['env-from-config', container({ envFrom: [{ configMapRef: { name: 'NAME' } }] })],
  ['pull-secret', (name) => [{ imagePullSecrets: [{ name }] }, {}]],
];

describe('row 5: pods that name a Secret of the host namespace', () => {
  it.each(WAYS)('denied: %s never leads to the control plane’s own keys', async (way, spec) => {
    const { virtual, name } = pair();
    const { certsSecret } = clusterNames(name);
    const created = await virtual.create(pod(`reads-${way}`, ...spec(certsSecret)));
    const { copy, reason } = await outcomeOf(created);
    expect(copy === undefined ? reason : placesOf(certsSecret, copy.spec)).toEqual(
      copy === undefined ? expect.any(String) : [],
    );
    await virtual.delete(created);
  });

  it('allowed: a Secret of the tenant’s own, under the name that it has on the host', async () => {
    const { virtual, name } = pair();
    const secret = await virtual.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'own', namespace: 'default' },
      stringData: { k: 'v' },
    });
    const created = await virtual.create(pod('reads-own', ...volume({ secret: { secretName: 'NAME' } })('own')));
    const { copy } = await outcomeOf(created);
    expect(copy?.spec.volumes).toContainEqual(
      expect.objectContaining({ secret: expect.objectContaining({ secretName: hostName('own', 'default', name) }) }),
    );
    await virtual.delete(created);
    await virtual.delete(secret);
  });
});

describe('row 4: fields that the translator does not know', () => {
  it.each<[string, object]>([
    ['of the pod', { futureHostAccess: true }],
    ['of a container', { containers: [{ name: 'main', image: 'x', futureSecretRef: { name: 'certs' } }] }],
    ['of a volume', { volumes: [{ name: 'v', futureSource: { secretName: 'certs' } }] }],
  ])('denied: one %s refuses the pod', (_, spec) => {
    const { spec: plain } = pod('p', {});
    const virtual = { metadata: { name: 'p', namespace: 'default', uid: 'u' }, spec: { ...plain, ...spec } };
    expect(toHostPod(virtual, podContext())).toMatchObject({
      kind: 'refused',
      reason: 'FieldNotAllowed',
      field: expect.stringContaining('future'),
    });
  });

  it('allowed: the same pod without it', () => {
    const { spec } = pod('p', {});
    const virtual = { metadata: { name: 'p', namespace: 'default', uid: 'u' }, spec };
    expect(toHostPod(virtual, podContext()).kind).toBe('object');
  });
});

describe('row 26: subresources, each a door of its own', () => {
  /** What guards each. A subresource that a new Kubernetes brings fails here until somebody has thought about it. */
  const GUARDS: { readonly [subresource: string]: string } = {
    'pods/attach': 'the kubelet API of the syncer: own pods only',
    'pods/exec': 'the kubelet API of the syncer: own pods only',
    'pods/log': 'the kubelet API of the syncer: own pods only',
    'pods/portforward': 'the kubelet API of the syncer: own pods only',
    'pods/proxy': 'the egress proxy: own pods and Services only',
    'services/proxy': 'the egress proxy: own pods and Services only',
    'nodes/proxy': 'the kubelet API of the syncer: a closed table of routes',
    'pods/binding': 'the host places pods, unless the cluster has its own scheduler',
    bindings: 'the host places pods, unless the cluster has its own scheduler',
    'pods/ephemeralcontainers': 'the translated pod is checked whole',
    'pods/resize': 'the translated pod is checked whole',
    'pods/eviction': 'the virtual pod is deleted, and its copy with it',
    'pods/status': 'status comes from the host only',
    'services/status': 'status comes from the host only',
    'nodes/status': 'nodes come from the host only',
    'namespaces/status': 'stays in the virtual cluster',
    'namespaces/finalize': 'stays in the virtual cluster; the copies go by confirmed absence',
    'persistentvolumeclaims/status': 'status comes from the host only',
    'persistentvolumes/status': 'status comes from the host only',
    'replicationcontrollers/scale': 'stays in the virtual cluster; pods are copied',
    'replicationcontrollers/status': 'stays in the virtual cluster',
    'resourcequotas/status': 'stays in the virtual cluster',
    'serviceaccounts/token': 'signed by the virtual cluster’s own key',
  };

  it('denied: there is none whose guard is not known', async () => {
    const list = (await pair().virtual.client.raw('/api/v1')) as {
      readonly resources: readonly { readonly name: string }[];
    };
    const doors = list.resources.map(({ name }) => name).filter((name) => name.includes('/') || name === 'bindings');
    expect(doors.filter((name) => GUARDS[name] === undefined)).toEqual([]);
  });

  it('denied: a binding that the tenant makes up moves no pod on the host', async () => {
    const { virtual, host } = pair();
    const created = await virtual.create(pod('bound', { schedulerName: 'nobody' }));
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'bound', namespace: 'default' },
      target: { apiVersion: 'v1', kind: 'Node', name: 'infra-1' },
    };
    await virtual.client.post(RESOURCES.pods, 'default', 'bound', 'binding', binding).catch(() => undefined);
    const other = await virtual.create(pod('sentinel', {}));
    await host.until(copyOf(other), 'to be there, after the first was looked at');
    expect((await host.get(copyOf(created)))?.spec.nodeName).not.toBe('infra-1');
    for (const one of [created, other]) await virtual.delete(one);
  });

  it('allowed: a pod that is evicted goes on both sides', async () => {
    const { virtual, host } = pair();
    const created = await virtual.create(pod('leaves', {}));
    await host.until(copyOf(created), 'to be there');
    await virtual.client.post(RESOURCES.pods, 'default', 'leaves', 'eviction', {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'leaves', namespace: 'default' },
    });
    await virtual.untilGone(created);
    await host.untilGone(copyOf(created));
  });
});
