import {
  type CurrentManifest,
  type Effect,
  generate,
  type Manifest,
  planChanges,
  resolveSpec,
  type VirtualClusterOptions,
} from '../../../../lib';

const rendered = (options: VirtualClusterOptions & { readonly name?: string } = {}): readonly Manifest[] =>
  generate(resolveSpec({ name: 'team-a', ...options })).map(({ object }) => object);

/** What a change of a declaration does, as `Kind/name: effect`, of all that does not stay as it is. */
function effects(before: Parameters<typeof rendered>[0], after: Parameters<typeof rendered>[0]): readonly string[] {
  const { changes } = planChanges(rendered(after), rendered(before), { current: 'declared' });
  return changes
    .filter(({ effect }) => effect !== 'none')
    .map(({ object, effect }) => `${object.kind}/${object.name}: ${effect}`);
}

const claim = (over: object = {}): VirtualClusterOptions => ({
  store: { kind: 'sqlite', persistence: { kind: 'volumeClaim', ...over } },
});
const database = (secretName = 'db', replicas = 1): VirtualClusterOptions => ({
  store: { kind: 'postgres', connection: { secretName } },
  controlPlane: { replicas },
});
const etcd = (prefix: string, endpoint = 'https://etcd.example.com:2379'): VirtualClusterOptions => ({
  store: { kind: 'etcd', endpoints: [endpoint], tls: { secretName: 'etcd' }, prefix },
});
const ephemeral: VirtualClusterOptions = { store: { kind: 'sqlite', persistence: { kind: 'ephemeral' } } };

describe('the plan between two declarations', () => {
  it('is empty where they say the same', () => {
    const { changes, summary } = planChanges(rendered(), rendered(), { current: 'declared' });
    expect(new Set(changes.map(({ effect }) => effect))).toEqual(new Set(['none']));
    expect(summary.none).toBe(changes.length);
  });

  it.each<[string, VirtualClusterOptions, VirtualClusterOptions, readonly string[]]>([
    ['the level of the log', {}, { controlPlane: { syncer: { logLevel: 'debug' } } }, ['StatefulSet/team-a: restart']],
    [
      'a kind that is synced',
      {},
      { sync: { toHost: { ingresses: { enabled: true } } } },
      ['ConfigMap/team-a-config-sync: liveChange', 'Role/vc-team-a: liveChange'],
    ],
    [
      'a right beyond the namespace',
      {},
      { sync: { toHost: { priorityClasses: { enabled: true, maxValue: 10 } } } },
      [
        'ConfigMap/team-a-config-sync: liveChange',
        'ClusterRole/vc-team-a-v-vcluster-team-a: create',
        'ClusterRoleBinding/vc-team-a-v-vcluster-team-a: create',
      ],
    ],
    [
      'pull secrets of workloads',
      {},
      { images: { workloadPullSecrets: ['registry'] } },
      ['ServiceAccount/vc-workload-team-a: liveChange'],
    ],
    [
      'how it is reached',
      {},
      { controlPlane: { service: { type: 'NodePort', nodePort: 30_443 } } },
      ['Service/team-a: liveChange'],
    ],
    [
      'the class of the load balancer',
      { controlPlane: { service: { type: 'LoadBalancer', loadBalancerClass: 'a.example/one' } } },
      { controlPlane: { service: { type: 'LoadBalancer', loadBalancerClass: 'a.example/two' } } },
      ['Service/team-a: recreate'],
    ],
    [
      'the range of addresses, which is read when the pod starts',
      {},
      { networking: { serviceCidr: '10.0.0.0/16' } },
      ['ConfigMap/team-a-config-core: restart'],
    ],
    [
      'the endpoint',
      {},
      { endpoint: { via: 'nodePort', hostname: 'api.example.com', nodePort: 30_443 } },
      ['ConfigMap/team-a-config-endpoint: liveChange', 'Service/team-a-endpoint: create'],
    ],
    [
      'who declares a section',
      {},
      { requires: ['nodes'] },
      ['Role/vc-team-a: liveChange', 'ConfigMap/team-a-config-nodes: delete'],
    ],
    ['the size of the volume', {}, claim({ size: '9Gi' }), ['StatefulSet/team-a: recreate']],
    [
      'the size of a volume that goes with the cluster',
      claim({ whenDeleted: 'delete' }),
      claim({ whenDeleted: 'delete', size: '9Gi' }),
      ['StatefulSet/team-a: dataLoss'],
    ],
    [
      'the version, upwards',
      { kubernetes: { version: '1.36' } },
      { kubernetes: { version: '1.37' } },
      ['ConfigMap/team-a-config-core: liveChange', 'StatefulSet/team-a: restart'],
    ],
    [
      'the version, downwards',
      { kubernetes: { version: '1.37' } },
      { kubernetes: { version: '1.36' } },
      ['ConfigMap/team-a-config-core: liveChange', 'StatefulSet/team-a: dataLoss'],
    ],
    ['what becomes of the volume', {}, claim({ whenDeleted: 'delete' }), ['StatefulSet/team-a: liveChange']],
    ['the store, from a volume to the pod', {}, ephemeral, ['StatefulSet/team-a: dataLoss']],
    ['the store, from the pod to a volume', ephemeral, {}, ['StatefulSet/team-a: dataLoss']],
    [
      'the store, from a volume to a database',
      {},
      database(),
      ['PodDisruptionBudget/team-a: create', 'Service/team-a: liveChange', 'StatefulSet/team-a: dataLoss'],
    ],
    [
      'the store, from the pod to a database',
      ephemeral,
      database(),
      ['PodDisruptionBudget/team-a: create', 'Service/team-a: liveChange', 'StatefulSet/team-a: dataLoss'],
    ],
    [
      'the store, from a database to a volume',
      database(),
      {},
      ['PodDisruptionBudget/team-a: delete', 'Service/team-a: liveChange', 'StatefulSet/team-a: dataLoss'],
    ],
    ['the database', database('db'), database('other'), ['StatefulSet/team-a: dataLoss']],
    ['the keys in an etcd', etcd('/a'), etcd('/b'), ['StatefulSet/team-a: dataLoss']],
    ['a member of an etcd', etcd('/a'), etcd('/a', 'https://etcd-2.example.com:2379'), ['StatefulSet/team-a: restart']],
    ['how many pods serve it', database(), database('db', 3), ['StatefulSet/team-a: liveChange']],
    [
      'the pods of a cluster whose store is outside',
      database(),
      { ...database(), controlPlane: { podAnnotations: { a: 'b' } } },
      ['StatefulSet/team-a: restart'],
    ],
    [
      'the pod of a cluster whose store goes with it',
      ephemeral,
      { ...ephemeral, controlPlane: { podAnnotations: { a: 'b' } } },
      ['StatefulSet/team-a: dataLoss'],
    ],
  ])('tells what changes with %s', (_what, before, after, expected) => {
    expect([...effects(before, after)].sort()).toEqual([...expected].sort());
  });

  it('takes another namespace, or another name, for the loss that it is', () => {
    expect(effects({}, { namespace: 'other' })).toEqual(
      expect.arrayContaining([
        'Namespace/vcluster-team-a: dataLoss',
        'StatefulSet/team-a: dataLoss',
        'Namespace/other: create',
        'StatefulSet/team-a: create',
      ]),
    );
    const inOne = { namespace: 'teams', createNamespace: false };
    expect(effects({ ...inOne, name: 'team-a' }, { ...inOne, name: 'team-b' })).toContain(
      'StatefulSet/team-a: dataLoss',
    );
  });

  it('names each field, what was and what will be there, the gravest object first', () => {
    const after = { ...ephemeral, dns: { replicas: 3 } };
    const { changes } = planChanges(rendered(after), rendered(), { current: 'declared' });
    expect(changes.map(({ effect }) => effect).slice(0, 3)).toEqual(['dataLoss', 'liveChange', 'none']);
    expect(changes[1]?.fields).toEqual([
      {
        path: 'data["config.json"].dns.replicas',
        from: 1,
        to: 3,
        effect: 'liveChange',
        why: expect.stringContaining('syncer'),
      },
    ]);
  });
});

describe('the plan against what runs', () => {
  const by = (manager: string, fieldsV1: object) =>
    ({ managedFields: [{ manager, operation: 'Apply', fieldsV1 }] }) as Pick<
      CurrentManifest['metadata'],
      'managedFields'
    >;
  const account: Manifest = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'a', namespace: 'b' },
    automountServiceAccountToken: false,
  };
  const effectOf = (desired: Manifest, current: CurrentManifest): Effect | undefined =>
    planChanges([desired], [current]).changes[0]?.effect;

  it('does not count what the API server or others have added', () => {
    const current = {
      ...account,
      secrets: [{ name: 'x' }],
      metadata: { ...account.metadata, labels: { theirs: 'yes' } },
    };
    expect(effectOf(account, current)).toBe('none');
  });

  it('counts what was declared when it was last applied, and by nobody else', () => {
    const metadata = { ...account.metadata, labels: { ours: 'yes' } };
    const fields = { 'f:metadata': { 'f:labels': { 'f:ours': {} } } };
    expect(effectOf(account, { ...account, metadata: { ...metadata, ...by('sublet', fields) } })).toBe('liveChange');
    expect(effectOf(account, { ...account, metadata: { ...metadata, ...by('other', fields) } })).toBe('none');
    const text = JSON.stringify({ metadata: { labels: { ours: 'yes' } } });
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': text };
    expect(effectOf(account, { ...account, metadata: { ...metadata, annotations } })).toBe('liveChange');
  });

  it('counts elements of lists that are declared no more', () => {
    const current = { ...account, imagePullSecrets: [{ name: 'x' }] };
    const fields = { 'f:imagePullSecrets': { 'k:{"name":"x"}': { '.': {}, 'f:name': {} } } };
    const [change] = planChanges(
      [account],
      [{ ...current, metadata: { ...account.metadata, ...by('sublet', fields) } }],
    ).changes;
    expect(change?.fields).toEqual([
      expect.objectContaining({ path: 'imagePullSecrets[x]', from: { name: 'x' }, effect: 'liveChange' }),
    ]);
  });

  it.each([
    ['0.5', '500m', 'none'],
    ['1024Mi', '1Gi', 'none'],
    ['1e3', '1k', 'none'],
    ['1', '2', 'restart'],
  ])('takes quantities for what they mean: %s and %s', (declared, held, effect) => {
    const withRequest = (cpu: string): Manifest => ({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'a', namespace: 'b' },
      spec: { template: { spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }] } } },
    });
    expect(effectOf(withRequest(declared), withRequest(held))).toBe(effect);
  });
});

describe('immutable fields', () => {
  const object = (apiVersion: string, kind: string, content: object): Manifest => ({
    apiVersion,
    kind,
    metadata: { name: 'a', namespace: 'b' },
    ...content,
  });
  const rbac = 'rbac.authorization.k8s.io/v1';

  it.each<[string, Manifest, Manifest, Effect]>([
    [
      'the role of a binding',
      object(rbac, 'RoleBinding', { roleRef: { kind: 'Role', name: 'x' } }),
      object(rbac, 'RoleBinding', { roleRef: { kind: 'Role', name: 'y' } }),
      'recreate',
    ],
    [
      'the subjects of a binding',
      object(rbac, 'RoleBinding', { subjects: [{ kind: 'User', name: 'x' }] }),
      object(rbac, 'RoleBinding', { subjects: [{ kind: 'User', name: 'y' }] }),
      'liveChange',
    ],
    [
      'the address of a Service',
      object('v1', 'Service', { spec: { clusterIP: '10.0.0.1' } }),
      object('v1', 'Service', { spec: { clusterIP: 'None' } }),
      'recreate',
    ],
    [
      'an immutable ConfigMap',
      object('v1', 'ConfigMap', { immutable: true, data: { a: '1' } }),
      object('v1', 'ConfigMap', { immutable: true, data: { a: '2' } }),
      'recreate',
    ],
    [
      'a ConfigMap',
      object('v1', 'ConfigMap', { data: { a: '1' } }),
      object('v1', 'ConfigMap', { data: { a: '2' } }),
      'liveChange',
    ],
    [
      'the type of a Secret',
      object('v1', 'Secret', { type: 'Opaque' }),
      object('v1', 'Secret', { type: 'kubernetes.io/tls' }),
      'recreate',
    ],
    [
      'the class of a claim',
      object('v1', 'PersistentVolumeClaim', { spec: { storageClassName: 'a' } }),
      object('v1', 'PersistentVolumeClaim', { spec: { storageClassName: 'b' } }),
      'dataLoss',
    ],
    [
      'the size of a claim, upwards',
      object('v1', 'PersistentVolumeClaim', { spec: { resources: { requests: { storage: '900Mi' } } } }),
      object('v1', 'PersistentVolumeClaim', { spec: { resources: { requests: { storage: '1Gi' } } } }),
      'liveChange',
    ],
    [
      'the size of a claim, downwards',
      object('v1', 'PersistentVolumeClaim', { spec: { resources: { requests: { storage: '1Gi' } } } }),
      object('v1', 'PersistentVolumeClaim', { spec: { resources: { requests: { storage: '900Mi' } } } }),
      'dataLoss',
    ],
    [
      'the provisioner of a storage class',
      object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'a' }),
      object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'b' }),
      'recreate',
    ],
    [
      'whose pods a Deployment has',
      object('apps/v1', 'Deployment', { spec: { selector: { matchLabels: { a: '1' } } } }),
      object('apps/v1', 'Deployment', { spec: { selector: { matchLabels: { a: '2' } } } }),
      'recreate',
    ],
    [
      'how a StatefulSet makes its pods',
      object('apps/v1', 'StatefulSet', { spec: { podManagementPolicy: 'Parallel' } }),
      object('apps/v1', 'StatefulSet', { spec: { podManagementPolicy: 'OrderedReady' } }),
      'recreate',
    ],
    [
      'the number of replicas',
      object('apps/v1', 'StatefulSet', { spec: { replicas: 1 } }),
      object('apps/v1', 'StatefulSet', { spec: { replicas: 2 } }),
      'liveChange',
    ],
  ])('are known: %s', (_what, current, desired, effect) => {
    expect(planChanges([desired], [current]).changes.map((change) => change.effect)).toEqual([effect]);
  });
});
