import { INTRUSIVE_ANNOTATIONS } from '../support/intrusive-annotations';
import { untilTold } from './contract/expectation';
import type { TestObject } from './support/api';
import { copyOf, expectCopied, expectDenied, named, untilDenied } from './support/denials';
import { usePair } from './support/use-pair';

const pair = usePair({
  spec: {
    sync: {
      toHost: {
        networkPolicies: { enabled: true },
        persistentVolumes: { enabled: true, sources: ['hostPath', 'local', 'nfs'] },
        podDisruptionBudgets: { enabled: true },
        priorityClasses: { enabled: true, maxValue: 1000 },
        serviceAccounts: { enabled: true },
        resourceClaims: { enabled: true },
      },
    },
    isolation: {
      allow: { hostPaths: [{ pathPrefix: '/srv/shared', readOnly: false }, { pathPrefix: '/srv/looked-at' }] },
      classes: { storage: { default: 'fast' }, device: ['gpu'] },
      images: { registries: ['registry.example.com', 'docker.io/library'] },
      tolerations: ['pool=team-a:NoSchedule'],
    },
  },
});

const pod = named('v1', 'Pod');
const service = named('v1', 'Service');
const claim = named('v1', 'PersistentVolumeClaim');
const deviceClaim = named('resource.k8s.io/v1', 'ResourceClaim');

const MAIN = { name: 'main', image: 'nginx:1.27' };

describe('row 2: directories of the node', () => {
  const volume = (name: string, source: object): TestObject => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'of-mine',
      ...source,
    },
  });
  const wish = (name: string, volumeName: string) =>
    claim(name, {
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'of-mine',
        volumeName,
        resources: { requests: { storage: '1Gi' } },
      },
    });
  const user = (name: string, claimName: string) =>
    pod(name, { spec: { containers: [MAIN], volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] } });

  it.each([
    ['the root', 'root', '/'],
    ['credentials', 'credentials', '/etc/kubernetes/pki'],
    ['a neighbour of what is given away', 'neighbour', '/srv/shared-not'],
    ['what may only be read', 'read-only', '/srv/looked-at'],
  ])('row 2: %s can not be had by a volume, its claim and a pod', async (_, name, path) => {
    const { virtual, host } = pair();
    const root = await virtual.create(volume(name, { hostPath: { path } }));
    const made = await virtual.create(wish(name, name));
    const pending = await virtual.create(user(name, name));
    await untilDenied(root, 'allow.hostPaths', 'spec.hostPath.path', pair());
    expect(await host.get(copyOf(root, pair()))).toBeUndefined();
    expect((await host.get(copyOf(made, pair())))?.status.phase).not.toBe('Bound');
    for (const object of [pending, made, root]) {
      await virtual.delete(object);
      await virtual.untilGone(object);
    }
    await host.untilGone(copyOf(made, pair()));
  });

  it('row 2: a directory that is given away can be had', async () => {
    const { virtual, host } = pair();
    const shared = await virtual.create(volume('shared', { hostPath: { path: '/srv/shared/a' } }));
    const made = await virtual.create(wish('shared', 'shared'));
    await host.until(copyOf(shared, pair()), 'to be there', ({ spec }) => spec.hostPath.path === '/srv/shared/a');
    await virtual.delete(made);
    await virtual.untilGone(made);
    await virtual.delete(shared);
    await host.untilGone(copyOf(shared, pair()));
  });

  it('row 2: volumes of git repositories are refused', async () => {
    const made = await pair().virtual.create(
      pod('git', { spec: { containers: [MAIN], volumes: [{ name: 'v', gitRepo: { repository: '-x' } }] } }),
    );
    await untilTold(pair(), made, 'FieldNotAllowed');
    expect(await pair().host.get(copyOf(made, pair()))).toBeUndefined();
    await pair().virtual.delete(made);
  });
});

describe('row 12: annotations that host controllers read', () => {
  const annotations = Object.fromEntries(INTRUSIVE_ANNOTATIONS.map((key) => [key, 'yes']));

  // The API of pods looks into some.
  const { 'kubernetes.io/config.mirror': _, ...plain } = annotations;
  const ofPods = {
    ...plain,
    'scheduler.alpha.kubernetes.io/tolerations': '[{"operator":"Exists"}]',
    'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
    'container.apparmor.security.beta.kubernetes.io/main': 'runtime/default',
  };

  it.each<[kind: string, object: TestObject]>([
    ['Pod', pod('annotated', { spec: { containers: [MAIN] } }, ofPods)],
    ['Service', service('annotated', { spec: { ports: [{ port: 80 }] } }, annotations)],
    [
      'NetworkPolicy',
      named('networking.k8s.io/v1', 'NetworkPolicy')('annotated', { spec: { podSelector: {} } }, annotations),
    ],
    [
      'PodDisruptionBudget',
      named('policy/v1', 'PodDisruptionBudget')('annotated', { spec: { selector: {} } }, annotations),
    ],
    ['ServiceAccount', named('v1', 'ServiceAccount')('annotated', {}, annotations)],
    ['ConfigMap', named('v1', 'ConfigMap')('annotated', {}, { ...annotations, 'vcluster.loft.sh/force-sync': 'true' })],
    ['Secret', named('v1', 'Secret')('annotated', {}, { ...annotations, 'vcluster.loft.sh/force-sync': 'true' })],
    [
      'ResourceClaim',
      deviceClaim(
        'annotated',
        { spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'gpu' } }] } } },
        annotations,
      ),
    ],
  ])('row 12: none of sixty reaches the host on a %s', async (_, object) => {
    const { virtual, host } = pair();
    await virtual.create(object);
    const copy = await host.until(copyOf(object, pair()), 'to be there');
    const keys = Object.keys(copy.metadata.annotations ?? {});
    expect(keys.filter((key) => INTRUSIVE_ANNOTATIONS.includes(key))).toEqual([]);
    await virtual.delete(object);
    await host.untilGone(copyOf(object, pair()));
  });
});

describe('row 18: nodes that are not meant for tenants', () => {
  const tolerating = (name: string, toleration: object) =>
    pod(name, { spec: { containers: [MAIN], tolerations: [toleration] } });

  it.each([
    ['every taint', { operator: 'Exists' }],
    ['control planes', { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
    ['more of an allowed taint', { key: 'pool', operator: 'Exists' }],
  ])('row 18: a pod that tolerates %s never reaches the host', (_, toleration) =>
    expectDenied(tolerating('tolerant', toleration), 'tolerations', 'spec.tolerations[0]', pair()),
  );

  it('row 18: an allowed toleration passes, with those that Kubernetes adds', () =>
    expectCopied(tolerating('modest', { key: 'pool', value: 'team-a', effect: 'NoSchedule' }), pair(), {
      spec: { tolerations: expect.arrayContaining([expect.objectContaining({ key: 'pool', value: 'team-a' })]) },
    }));

  it('row 18: a node that the cluster does not have can not be named, and a scheduler is never passed by', async () => {
    const { virtual, host } = pair();
    const made = await virtual.create(pod('placed', { spec: { containers: [MAIN], nodeName: 'somewhere' } }));
    await untilTold(pair(), made, 'FieldNotAllowed');
    expect(await host.get(copyOf(made, pair()))).toBeUndefined();
    await virtual.delete(made);
  });
});

describe('row 19: priority', () => {
  const priorityClass = (name: string, rest: object): TestObject => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    ...rest,
  });

  it('row 19: a class is capped on the host, never the default there, and evicts nobody', async () => {
    const { virtual, host } = pair();
    const high = await virtual.create(
      priorityClass('high', { value: 1_000_000_000, preemptionPolicy: 'PreemptLowerPriority', globalDefault: true }),
    );
    const copy = await host.until(copyOf(high, pair()), 'to be there');
    expect(copy).toMatchObject({ value: 1000, preemptionPolicy: 'Never' });
    expect(copy.globalDefault).not.toBe(true);
    const user = pod('high', { spec: { containers: [MAIN], priorityClassName: 'high' } });
    await virtual.create(user);
    await host.until(copyOf(user, pair()), 'to have the capped priority', ({ spec }) => spec.priority === 1000);
    await virtual.delete(user);
    await virtual.delete(high);
    await host.untilGone(copyOf(high, pair()));
  });
});

describe('row 20: classes', () => {
  const wish = (name: string, storageClassName?: string) =>
    claim(name, {
      spec: {
        accessModes: ['ReadWriteOnce'],
        ...(storageClassName !== undefined && { storageClassName }),
        resources: { requests: { storage: '1Gi' } },
      },
    });
  const devices = (name: string, deviceClassName: string, rest: object = {}) =>
    deviceClaim(name, { spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName, ...rest } }] } } });

  it('row 20: a storage class that is not offered is refused', () =>
    expectDenied(wish('slow', 'slow'), 'classes.storage', 'spec.storageClassName', pair()));
  it('row 20: a storage class that is offered passes', () =>
    expectCopied(wish('fast', 'fast'), pair(), { spec: { storageClassName: 'fast' } }));
  it('row 20: a claim without a class gets the one that is declared, never that of the host', () =>
    expectCopied(wish('any'), pair(), { spec: { storageClassName: 'fast' } }));
  it('row 20: a claim with an empty class gets nothing', async () => {
    const made = await pair().virtual.create(wish('empty', ''));
    await untilTold(pair(), made, 'FailedBinding');
    expect(await pair().host.get(copyOf(made, pair()))).toBeUndefined();
    await pair().virtual.delete(made);
  });
  it('row 20: a runtime class that is not offered is refused', async () => {
    const runtime = { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'bare' }, handler: 'bare' };
    await pair().virtual.create(runtime);
    const made = await pair().virtual.create(pod('bare', { spec: { containers: [MAIN], runtimeClassName: 'bare' } }));
    await untilTold(pair(), made, 'FieldNotAllowed');
    expect(await pair().host.get(copyOf(made, pair()))).toBeUndefined();
    await pair().virtual.delete(made);
    await pair().virtual.delete(runtime);
  });
  it('row 20: a device class that is not offered is refused', () =>
    expectDenied(
      devices('other', 'other'),
      'classes.device',
      'spec.devices.requests[0].exactly.deviceClassName',
      pair(),
    ));
  it('row 20: a device class that is offered passes', () =>
    expectCopied(devices('gpu', 'gpu'), pair(), {
      spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'gpu' } }] } },
    }));
});

describe('images', () => {
  const running = (name: string, image: string) => pod(name, { spec: { containers: [{ name: 'main', image }] } });

  it('from a registry that is not allowed are refused', () =>
    expectDenied(running('evil', 'evil.test/app'), 'images.registries', 'spec.containers[0].image', pair()));
  it('from an allowed registry pass, and those without a registry are of Docker Hub', async () => {
    await expectCopied(running('good', 'registry.example.com/app'), pair());
    await expectCopied(running('short', 'nginx'), pair());
  });
  it('of a running pod can not be changed to one that is not allowed', async () => {
    const { virtual, host } = pair();
    const made = await virtual.create(running('changing', 'nginx:1.27'));
    await host.until(copyOf(made, pair()), 'to be there');
    await virtual.patch(made, { spec: { containers: [{ name: 'main', image: 'evil.test/app' }] } }, STRATEGIC);
    await untilDenied(made, 'images.registries', 'spec.containers[0].image', pair());
    expect((await host.get(copyOf(made, pair())))?.spec.containers[0].image).toBe('nginx:1.27');
    await virtual.delete(made);
    await host.untilGone(copyOf(made, pair()));
  });
});

const STRATEGIC = { type: 'application/strategic-merge-patch+json' } as const;
