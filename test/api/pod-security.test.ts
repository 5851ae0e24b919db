import { hostName, type IsolationOptions, POD_SECURITY_LABEL, resolvePolicy } from '../../lib';
import { generatePolicy } from '../../lib/manifests/policies/policy';
import { untilTold } from './contract/expectation';
import type { TestObject } from './support/api';
import { usePair } from './support/use-pair';

/** Isolation as it is by default, declared by a policy, so that it can change. */
const pair = usePair({
  spec: { requires: ['isolation'] },
  policies: (cluster) => [resolvePolicy('isolation', { cluster })],
});

/** A namespace in which the tenant has lifted what the virtual API server's own admission demands. */
const LIFTED = 'lifted';
const STRATEGIC = 'application/strategic-merge-patch+json';

const pod = (name: string, spec: object = {}, namespace = LIFTED): TestObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'registry.example/web:1' }], ...spec },
});
const privileged = {
  containers: [{ name: 'main', image: 'registry.example/web:1', securityContext: { privileged: true } }],
};
const copyOf = ({ metadata: { name = '', namespace = '' } }: TestObject) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: hostName(name, namespace, pair().name), namespace: pair().namespace },
});

const hostNamespace = () => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: pair().namespace } });

/** Declares isolation anew. */
async function isolate(options: IsolationOptions): Promise<void> {
  const { name, namespace, host } = pair();
  const policy = resolvePolicy('isolation', { cluster: { name, namespace }, ...options });
  for (const { object } of generatePolicy(policy)) await host.patch(object, object);
}

beforeAll(async () => {
  await pair().virtual.create({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: LIFTED, labels: { [POD_SECURITY_LABEL]: 'privileged' } },
  });
});

describe('pods that are more than baseline allows', () => {
  it('are refused at once by the virtual API server, where the tenant has not lifted that', async () => {
    await expect(pair().virtual.create(pod('at-once', privileged, 'default'))).rejects.toThrow(
      /violates PodSecurity "baseline:latest"/,
    );
    const plain = await pair().virtual.create(pod('plain', {}, 'default'));
    await pair().host.until(copyOf(plain), 'to be there');
    await pair().virtual.delete(plain);
  });

  it.each<[string, object, string]>([
    ['privileged', privileged, 'spec.containers[0].securityContext.privileged'],
    ['host-network', { hostNetwork: true }, 'spec.hostNetwork'],
    ['host-path', { volumes: [{ name: 'node', hostPath: { path: '/etc' } }] }, 'spec.volumes[0].hostPath'],
    [
      'init-container',
      { initContainers: [{ name: 'i', image: 'x', securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }] },
      'spec.initContainers[0].securityContext.capabilities.add',
    ],
    [
      'init-container-behind-ours',
      {
        hostname: 'a',
        subdomain: 'b',
        initContainers: [{ name: 'i', image: 'x', securityContext: { seLinuxOptions: { user: 'root' } } }],
      },
      'spec.initContainers[0].securityContext.seLinuxOptions.user',
    ],
  ])('never reach the host, and the tenant is told the field: %s', async (name, spec, field) => {
    const { virtual, host } = pair();
    const refused = await virtual.create(pod(name, spec));
    await untilTold(pair(), refused, 'PodSecurity');
    const { status } = await virtual.until(refused, 'to say so', (found) =>
      found.status.conditions?.some(({ reason }: { reason: string }) => reason === 'PodSecurity'),
    );
    expect(JSON.stringify(status.conditions)).toContain(`Pod Security \\"baseline\\": ${field}`);
    expect(await host.get(copyOf(refused))).toBeUndefined();
    await virtual.delete(refused);
  });

  it('do not come about later by a container for debugging', async () => {
    const { virtual, host } = pair();
    const clean = await virtual.create(pod('clean'));
    const before = await host.until(copyOf(clean), 'to be there');
    const debug = (name: string, securityContext: object) => ({
      spec: { ephemeralContainers: [{ name, image: 'registry.example/sh:1', securityContext }] },
    });
    const how = { subresource: 'ephemeralcontainers', type: STRATEGIC } as const;
    await virtual.patch(clean, debug('fine', {}), how);
    await host.until(copyOf(clean), 'to get it', ({ spec }) => spec.ephemeralContainers?.length === 1);
    await virtual.patch(clean, debug('evil', { privileged: true }), how);
    await untilTold(pair(), clean, 'PodSecurity');
    const after = await host.get(copyOf(clean));
    expect(after?.spec.ephemeralContainers).toHaveLength(1);
    expect(after?.metadata.uid).toBe(before.metadata.uid);
    await virtual.delete(clean);
  });

  it('are refused by the host’s own admission too, should they reach it past the syncer', async () => {
    const { host, namespace } = pair();
    const found = await host.get(hostNamespace());
    expect(found?.metadata.labels).toMatchObject({ [POD_SECURITY_LABEL]: 'baseline' });
    const planted = { ...pod('planted', privileged), metadata: { name: 'planted', namespace } };
    await expect(host.create(planted)).rejects.toThrow(/violates PodSecurity/);
  });

  it('come to the host when the policy makes the exception, and no other', async () => {
    const { virtual, host } = pair();
    const logs = { volumes: [{ name: 'logs', hostPath: { path: '/var/log/shared/a' } }] };
    const mounts = [{ name: 'main', image: 'x', volumeMounts: [{ name: 'logs', mountPath: '/l', readOnly: true }] }];
    const waiting = await virtual.create(pod('reads-logs', { ...logs, containers: mounts }));
    await untilTold(pair(), waiting, 'PodSecurity');
    // The host's own admission knows no exceptions by field: the declaration of the virtual cluster says 'privileged' here.
    await host.patch(hostNamespace(), { metadata: { labels: { [POD_SECURITY_LABEL]: 'privileged' } } });
    await isolate({ allow: { hostPaths: [{ pathPrefix: '/var/log/shared' }] } });
    await host.until(copyOf(waiting), 'to be let through');
    const other = await virtual.create(pod('reads-more', { volumes: [{ name: 'l', hostPath: { path: '/var/log' } }] }));
    await untilTold(pair(), other, 'PodSecurity');
    expect(await host.get(copyOf(other))).toBeUndefined();
    await virtual.delete(waiting);
    await virtual.delete(other);
  });

  it('are held to restricted where that is declared, and to nothing where that is', async () => {
    const { virtual, host } = pair();
    await isolate({ level: 'restricted' });
    const plain = await virtual.create(pod('only-baseline'));
    await untilTold(pair(), plain, 'PodSecurity');
    expect(await host.get(copyOf(plain))).toBeUndefined();
    const restricted = await virtual.create(
      pod('restricted', {
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'main',
            image: 'x',
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      }),
    );
    await host.until(copyOf(restricted), 'to be let through');
    await isolate({ level: 'privileged' });
    await host.until(copyOf(plain), 'to be let through');
    await Promise.all([plain, restricted].map((object) => virtual.delete(object)));
  });
});
