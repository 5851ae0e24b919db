import { parseManifests } from '../../../../cli/explain/documents';
import { explainManifests } from '../../../../cli/explain/explain';
import type { Explanation } from '../../../../cli/explain/types';
import { hostLabelKey, type IsolationOptions, LABELS, resolveSpec, type VirtualClusterOptions } from '../../../../lib';
import { podTemplate } from './manifests';

const explain = (text: string, options: VirtualClusterOptions = {}): readonly Explanation[] =>
  explainManifests(parseManifests('given.yaml', text), resolveSpec({ name: 'team-a', ...options }));

/** The explanation of a text with one object. */
function only(text: string, options: VirtualClusterOptions = {}): Explanation {
  const all = explain(text, options);
  expect(all).toHaveLength(1);
  return all[0] as Explanation;
}

const pod = (spec: string, metadata = ''): string => `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop${metadata}}
spec: {containers: [{name: web, image: nginx}], ${spec}}
`;
const field = (fields: Explanation['rewritten'], path: string) => fields.find((one) => one.path === path);

describe('a pod under limits, explained', () => {
  it('shows the amounts that it gets', () => {
    const explained = only(pod(''), { isolation: { limits: { default: { cpu: '500m' } } } });
    expect(explained.added.filter(({ option }) => option === 'isolation.limits')).not.toEqual([]);
    expect(explained.hostObjects[0]).toMatchObject({
      spec: { containers: [{ resources: { limits: { cpu: '500m' }, requests: { cpu: '500m' } } }] },
    });
  });

  it.each<[IsolationOptions, string, string]>([
    [{ limits: { max: { memory: '64Mi' } } }, 'FieldNotAllowed', 'isolation.limits'],
    [{ quota: { requests: { memory: '512Mi' } } }, 'QuotaExceeded', 'isolation.quota'],
  ])('is refused by %j', (isolation, rule, option) => {
    const large = pod('').replace('image: nginx', 'image: nginx, resources: {requests: {memory: 1Gi}}');
    const { outcome, refusals } = only(large, { isolation });
    expect([outcome, refusals[0]?.rule, refusals[0]?.option]).toEqual(['refused', rule, option]);
  });
});

describe('a pod, explained', () => {
  it.each<[string, string, string, string]>([
    [
      'a claim',
      'volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]',
      'spec.volumes[data].persistentVolumeClaim.claimName',
      'data-x-shop-x-team-a',
    ],
    [
      'a ConfigMap',
      'volumes: [{name: conf, configMap: {name: conf}}]',
      'spec.volumes[conf].configMap.name',
      'conf-x-shop-x-team-a',
    ],
    [
      'a pull secret',
      'imagePullSecrets: [{name: registry}]',
      'spec.imagePullSecrets[0].name',
      'registry-x-shop-x-team-a',
    ],
  ])('tells the name on the host of %s', (_what, spec, path, to) => {
    const { rewritten, outcome } = only(pod(spec));
    expect(outcome).toBe('copied');
    expect(rewritten.filter((one) => one.to === to).map((one) => one.path)).toContain(path);
    expect(rewritten.find((one) => one.to === to)?.why).toBe('it names the copy on the host');
  });

  it('is what the syncer would create, with placeholders for what only the clusters decide', () => {
    const [host, tokens] = only(pod('dnsPolicy: ClusterFirst')).hostObjects;
    expect(host).toMatchObject({
      kind: 'Pod',
      metadata: { name: 'web-x-shop-x-team-a', namespace: 'vcluster-team-a', labels: { [LABELS.managedBy]: 'team-a' } },
      spec: {
        serviceAccountName: 'vc-workload-team-a',
        automountServiceAccountToken: false,
        dnsPolicy: 'None',
        dnsConfig: { nameservers: ['<ClusterIP of kube-system/kube-dns>'] },
      },
    });
    expect(tokens).toMatchObject({ kind: 'Secret', metadata: { name: 'web-sa-token-x-shop-x-team-a' } });
  });

  it('asks for no token where the pod or its account declines one', () => {
    const account = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: plain, namespace: shop}
automountServiceAccountToken: false
---`;
    expect(only(pod('automountServiceAccountToken: false')).hostObjects).toHaveLength(1);
    const [, explained] = explain(`${account}${pod('serviceAccountName: plain')}`);
    expect(explained?.hostObjects).toHaveLength(1);
  });

  it('tells how labels and annotations cross', () => {
    const { rewritten, dropped } = only(pod('', ', labels: {app: web}, annotations: {note: mine}'));
    expect(field(rewritten, 'metadata.labels.app')).toMatchObject({ to: hostLabelKey('app', 'team-a') });
    expect(field(dropped, 'metadata.annotations.note')).toMatchObject({ option: 'sync.annotations.toHost' });
    const kept = only(pod('', ', labels: {app: web}'), { sync: { labels: { preserve: ['app'] } } });
    expect(field(kept.rewritten, 'metadata.labels.app')).toBeUndefined();
  });

  it.each<[string, string, string, string | undefined]>([
    ['a field that nobody knows', 'surprise: 1', 'spec.surprise', undefined],
    ['a runtime class', 'runtimeClassName: kata', 'spec.runtimeClassName', 'sync.toHost.pods.runtimeClasses.allowed'],
    [
      'a claim of devices',
      'resourceClaims: [{name: gpu, resourceClaimName: gpu}]',
      'spec.resourceClaims',
      'sync.toHost.resourceClaims.enabled',
    ],
  ])('is refused for %s, by its field and the option', (_what, spec, path, option) => {
    const { outcome, refusals, hostObjects } = only(pod(spec));
    expect(outcome).toBe('refused');
    expect(hostObjects).toEqual([]);
    expect(refusals).toEqual([
      { path, rule: 'FieldNotAllowed', message: expect.stringContaining(path), ...(option && { option }) },
    ]);
  });

  it('is refused for everything at once', () => {
    const { refusals } = only(pod('surprise: 1, runtimeClassName: kata'));
    expect(refusals.map(({ path }) => path)).toEqual(['spec.surprise', 'spec.runtimeClassName']);
  });

  it('passes where the declaration allows it', () => {
    const allowed = { sync: { toHost: { pods: { runtimeClasses: { allowed: ['kata'] } } } } };
    expect(only(pod('runtimeClassName: kata'), allowed).outcome).toBe('copied');
    const shown = { sync: { fromHost: { runtimeClasses: { selector: { matchLabels: { a: 'b' } } } } } };
    expect(only(pod('runtimeClassName: kata'), shown)).toMatchObject({
      outcome: 'copied',
      assumptions: [expect.stringContaining('RuntimeClass kata')],
    });
    const others = { sync: { fromHost: { runtimeClasses: { selector: { names: ['gvisor'] } } } } };
    expect(only(pod('runtimeClassName: kata'), others).outcome).toBe('refused');
  });

  it('says what it takes to exist, and not what was given', () => {
    const secret = '\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: key, namespace: shop}\n';
    const spec = 'volumes: [{name: a, secret: {secretName: key}}, {name: b, secret: {secretName: other}}]';
    const [first, second] = explain(`${pod(spec)}${secret}`);
    expect(first?.assumptions).toEqual(['Secret shop/other exists']);
    expect(second).toMatchObject({ outcome: 'copied', hostObjects: [{ metadata: { name: 'key-x-shop-x-team-a' } }] });
  });

  it('goes to a host namespace of its own where the declaration says so', () => {
    const [, explained] = explain(`apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---${pod('')}`, {
      namespaces: { mode: 'perNamespace' },
    });
    expect(explained?.hostObjects[0]?.metadata).toMatchObject({ name: 'web', namespace: 'team-a-shop' });
  });

  it('waits for no scheduler: the node that its own would choose is a placeholder', () => {
    const { outcome, hostObjects } = only(pod(''), { nodes: { mode: 'all', scheduling: { by: 'own' } } });
    expect(outcome).toBe('copied');
    expect(JSON.stringify(hostObjects[0])).toContain('"values":["<node>"]');
  });

  it('is changed by patches as the syncer changes it', () => {
    const patches = [
      {
        kind: 'pods' as const,
        toHost: '(pod) => ({ ...pod, spec: { ...pod.spec, priorityClassName: "batch" } })',
        oneWay: true,
      },
    ];
    expect(only(pod(''), { patches }).hostObjects[0]).toMatchObject({ spec: { priorityClassName: 'batch' } });
    const broken = [{ kind: 'pods' as const, toHost: '(pod) => { throw new Error("no") }', oneWay: true }];
    expect(only(pod(''), { patches: broken })).toMatchObject({
      outcome: 'refused',
      refusals: [{ rule: 'PatchFailed', option: 'patches' }],
    });
  });
});

describe('workloads, explained', () => {
  it.each<[string, string, string, string]>([
    ['Deployment', 'apps/v1', 'spec.template', 'web-<hash>-<id>-x-shop-x-team-a'],
    ['DaemonSet', 'apps/v1', 'spec.template', 'web-<id>-x-shop-x-team-a'],
    ['ReplicaSet', 'apps/v1', 'spec.template', 'web-<id>-x-shop-x-team-a'],
    ['StatefulSet', 'apps/v1', 'spec.template', 'web-0-x-shop-x-team-a'],
    ['Job', 'batch/v1', 'spec.template', 'web-<id>-x-shop-x-team-a'],
    ['CronJob', 'batch/v1', 'spec.jobTemplate.spec.template', 'web-<time>-<id>-x-shop-x-team-a'],
  ])('a %s stays, and one of its pods is shown', (kind, apiVersion, template, name) => {
    const explained = only(podTemplate(apiVersion, kind, template));
    expect(explained).toMatchObject({ outcome: 'copied', template, object: { kind, name: 'web' } });
    expect(explained.reason).toContain(`the ${kind} itself stays in the virtual cluster`);
    expect(explained.hostObjects[0]).toMatchObject({ kind: 'Pod', metadata: { name } });
    expect(explained.rewritten.map(({ path }) => path)).toContain(`${template}.spec.volumes[conf].configMap.name`);
  });

  it('a StatefulSet brings its claims, which its pods use', () => {
    const [set, claim] = explain(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  template: {spec: {containers: [{name: db, image: postgres}]}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {resources: {requests: {storage: 1Gi}}}}]
`);
    const name = 'data-db-0-x-shop-x-team-a';
    expect(set?.hostObjects[0]).toMatchObject({
      spec: { volumes: expect.arrayContaining([{ name: 'data', persistentVolumeClaim: { claimName: name } }]) },
    });
    expect(claim).toMatchObject({
      template: 'spec.volumeClaimTemplates[data]',
      hostObjects: [{ kind: 'PersistentVolumeClaim', metadata: { name } }],
    });
  });

  it('is refused as its pods would be', () => {
    const text = podTemplate('apps/v1', 'Deployment', 'spec.template').replace('image: nginx', 'image: nginx, odd: 1');
    expect(only(text)).toMatchObject({
      outcome: 'refused',
      object: { kind: 'Deployment' },
      refusals: [{ path: 'spec.containers[0].odd' }],
    });
  });
});

describe('a network policy, explained', () => {
  const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{}, {to: [{ipBlock: {cidr: 169.254.169.254/32}}]}]}
`;
  const sync = { toHost: { networkPolicies: { enabled: true } } };

  it('tells what isolation takes from it', () => {
    const { outcome, warnings, rewritten, added, dropped } = only(policy, { sync });
    expect(outcome).toBe('copied');
    expect(warnings).toEqual([
      {
        reason: 'NetworkIsolation',
        message: 'spec.egress[0]: names no peers and so means everything; only what isolation allows counts',
      },
      {
        reason: 'NetworkIsolation',
        message: 'spec.egress[1].to[0].ipBlock.cidr: 169.254.169.254/32: nothing of it is allowed',
      },
    ]);
    expect(
      [...rewritten, ...added, ...dropped].filter(({ path }) => path.startsWith('spec.egress')).map(({ why }) => why),
    ).toEqual(expect.arrayContaining(['only what isolation allows counts on the host']));
  });

  it('has nothing to tell where the network is open', () => {
    expect(only(policy, { sync, isolation: { network: { enforce: false } } }).warnings).toEqual([]);
  });
});
