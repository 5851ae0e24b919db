import type { StatefulSet } from 'kubernetes-types/apps/v1';
import type { Service, ServiceAccount } from 'kubernetes-types/core/v1';
import type { Role } from 'kubernetes-types/rbac/v1';
import {
  generate,
  KUBERNETES_VERSIONS,
  parseSection,
  resolveSpec,
  SECTIONS,
  type SectionName,
  type VirtualClusterSpec,
} from '../../../lib';
import { full, minimal, specs } from './specs';

/** The object in a slot of a declaration, as the kind that it is. */
function object<Kind>(spec: VirtualClusterSpec, slot: string): Kind {
  return generate(resolveSpec(spec)).find((candidate) => candidate.slot === slot)?.object as Kind;
}

const statefulSet = (spec: VirtualClusterSpec) => object<StatefulSet>(spec, 'control-plane/statefulset');
const podOf = (spec: VirtualClusterSpec) => statefulSet(spec).spec?.template.spec;
const container = (spec: VirtualClusterSpec, name: string) =>
  podOf(spec)?.containers.find((candidate) => candidate.name === name);

describe('the objects of a virtual cluster', () => {
  it('stand under these slots, in the order in which they are applied', () => {
    expect(
      generate(resolveSpec(minimal)).map(({ slot, object }) => `${slot}: ${object.kind}/${object.metadata.name}`),
    ).toEqual([
      'namespace: Namespace/vcluster-team-a',
      'isolation/network-pods: NetworkPolicy/team-a-isolation-pods',
      'isolation/network-ingress: NetworkPolicy/team-a-isolation-ingress',
      'isolation/network-egress: NetworkPolicy/team-a-isolation-egress',
      'isolation/network-control-plane: NetworkPolicy/team-a-isolation-control-plane',
      'rbac/service-account: ServiceAccount/vc-team-a',
      'rbac/workload-service-account: ServiceAccount/vc-workload-team-a',
      'rbac/role: Role/vc-team-a',
      'rbac/role-binding: RoleBinding/vc-team-a',
      'config/core: ConfigMap/team-a-config-core',
      'config/sync: ConfigMap/team-a-config-sync',
      'config/nodes: ConfigMap/team-a-config-nodes',
      'config/services: ConfigMap/team-a-config-services',
      'config/namespaces: ConfigMap/team-a-config-namespaces',
      'config/custom-resources: ConfigMap/team-a-config-custom-resources',
      'config/endpoint: ConfigMap/team-a-config-endpoint',
      'config/isolation: ConfigMap/team-a-config-isolation',
      'config/backup: ConfigMap/team-a-config-backup',
      'control-plane/service: Service/team-a',
      'control-plane/headless-service: Service/team-a-headless',
      'control-plane/statefulset: StatefulSet/team-a',
    ]);
  });

  it.each(specs)('are the same each time, and plain data (%s)', (_what, spec) => {
    const once = generate(resolveSpec(spec));
    expect(generate(resolveSpec(spec))).toEqual(once);
    expect(JSON.parse(JSON.stringify(once))).toEqual(once);
  });

  it.each(specs)('all lie in the namespace and carry the labels of the cluster (%s)', (_what, spec) => {
    const { name, namespace } = resolveSpec(spec);
    for (const { object: one } of generate(resolveSpec(spec))) {
      expect(one.metadata.labels).toMatchObject({ app: 'vcluster', release: name });
      expect(one.kind === 'Namespace' ? one.metadata.name : one.metadata.namespace).toBe(namespace);
    }
  });

  it('have nothing cluster-scoped where the namespace exists', () => {
    const kinds = generate(resolveSpec({ ...minimal, createNamespace: false })).map(({ object: one }) => one.kind);
    expect(kinds.filter((kind) => ['Namespace', 'ClusterRole', 'ClusterRoleBinding'].includes(kind))).toEqual([]);
  });

  it('give the syncer no wildcard right, and no right over roles, nodes or namespaces', () => {
    const rules = object<Role>(minimal, 'rbac/role').rules ?? [];
    const named = rules.flatMap(({ apiGroups = [], resources = [], verbs }) => [...apiGroups, ...resources, ...verbs]);
    expect(named).not.toContain('*');
    const resources = rules.flatMap((rule) => rule.resources ?? []);
    const kinds = rules.flatMap(({ apiGroups, resources: names = [] }) => names.map((name) => `${apiGroups}/${name}`));
    expect(new Set(kinds).size).toBe(kinds.length);
    for (const forbidden of ['roles', 'rolebindings', 'nodes', 'namespaces', 'statefulsets', 'serviceaccounts/token']) {
      expect(resources).not.toContain(forbidden);
    }
  });

  it.each(specs)('hold sections that the syncer accepts (%s)', (_what, spec) => {
    for (const name of Object.keys(SECTIONS) as SectionName[]) {
      const { data } = object<{ data: { 'config.json': string } }>(spec, `config/${name}`);
      expect(() => parseSection(name, data['config.json'])).not.toThrow();
    }
  });

  it.each(Object.values(KUBERNETES_VERSIONS))('run Kubernetes %s when asked', (version) => {
    const spec: VirtualClusterSpec = { name: 'a', kubernetes: { version } };
    expect(container(spec, 'kube-apiserver')?.image).toBe(`registry.k8s.io/kube-apiserver:v${version}`);
    expect(container(spec, 'kube-controller-manager')?.image).toBe(
      `registry.k8s.io/kube-controller-manager:v${version}`,
    );
  });
});

describe('what is declared', () => {
  it('reaches the configuration of the syncer', () => {
    const { data } = object<{ data: { 'config.json': string } }>(full, 'config/core');
    expect(JSON.parse(data['config.json'])).toEqual({
      version: 1,
      clusterDomain: 'team-b.internal',
      extraSans: ['api.example.com', '192.0.2.7', '*.example.org'],
      serviceCidr: '10.100.0.0/16',
      kubeconfigServer: 'https://api.example.com:6443',
      syncerImage: expect.stringMatching(/^registry\.example\.com:5000\/mirror\/sublet\/syncer:/),
      syncerImagePullPolicy: 'Always',
      dns: {
        mode: 'coredns',
        image: 'registry.example.com:5000/mirror/coredns/coredns:v1.15.0',
        replicas: 2,
        resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '170Mi' } },
        forwardToHost: true,
        names: [],
        upstream: [],
      },
      admission: 'baseline',
      kubernetesVersion: '1.34.4',
    });
  });

  it('reaches the Service, which shows the kubelet API inside the host cluster only', () => {
    expect(object<Service>(full, 'control-plane/service')).toMatchObject({
      metadata: { annotations: { 'example.com/scheme': 'internal' } },
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass: 'example.com/lb',
        loadBalancerSourceRanges: ['198.51.100.0/24'],
        ports: [{ name: 'https', port: 443, targetPort: 8443 }],
      },
    });
    const nodePort: VirtualClusterSpec = {
      name: 'a',
      controlPlane: { service: { type: 'NodePort', nodePort: 30_443 } },
    };
    expect(object<Service>(nodePort, 'control-plane/service').spec?.ports).toMatchObject([{ nodePort: 30_443 }]);
    expect(object<Service>(minimal, 'control-plane/service').spec?.ports?.map(({ name }) => name)).toEqual([
      'https',
      'kubelet',
    ]);
  });

  it('reaches the store', () => {
    expect(statefulSet(full).spec).toMatchObject({
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { storageClassName: 'fast', resources: { requests: { storage: '20Gi' } } },
        },
      ],
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
    });
    expect(container(full, 'kine')).toMatchObject({
      image: 'registry.example.com/kine:1',
      resources: { requests: { cpu: '10m', memory: '111Mi' }, limits: { memory: '222Mi' } },
    });
    const ephemeral: VirtualClusterSpec = { name: 'a', store: { kind: 'sqlite', persistence: { kind: 'ephemeral' } } };
    expect(statefulSet(ephemeral).spec?.volumeClaimTemplates).toBeUndefined();
    expect(podOf(ephemeral)?.volumes).toContainEqual({ name: 'data', emptyDir: {} });
    expect(statefulSet(minimal).spec?.volumeClaimTemplates?.[0]?.spec).not.toHaveProperty('storageClassName');
  });

  it('reaches the components', () => {
    expect(container(full, 'kube-apiserver')).toMatchObject({
      imagePullPolicy: 'Always',
      resources: { requests: { cpu: '333m', memory: '256Mi' }, limits: { cpu: '2' } },
      args: expect.arrayContaining([
        '--v=4',
        '--runtime-config=api/beta=true',
        '--runtime-config=api/legacy=false',
        '--service-account-issuer=https://kubernetes.default.svc.team-b.internal',
      ]),
    });
    const { args, resources } = container(full, 'kube-controller-manager') ?? {};
    expect(resources).toEqual({ requests: { cpu: '44m', memory: '64Mi' } });
    expect(args?.filter((arg) => /qps|burst|gc-syncs/.test(arg))).toEqual([
      '--kube-api-burst=400',
      '--kube-api-qps=55',
      '--concurrent-gc-syncs=7',
    ]);
    expect(container(full, 'syncer')).toMatchObject({
      resources: { limits: { 'ephemeral-storage': '1Gi' } },
      env: expect.arrayContaining([{ name: 'SUBLET_LOG_LEVEL', value: 'debug' }]),
    });
  });

  it('reaches the pod and the ServiceAccounts', () => {
    expect(podOf(full)).toMatchObject({
      nodeSelector: { 'example.com/pool': 'system' },
      tolerations: [
        { operator: 'Equal', key: 'example.com/pool', value: 'system', effect: 'NoSchedule' },
        { operator: 'Exists', key: 'example.com/spot' },
      ],
      priorityClassName: 'platform',
      imagePullSecrets: [{ name: 'registry-a' }],
    });
    expect(statefulSet(full).spec?.template.metadata?.annotations).toEqual({
      'kubectl.kubernetes.io/default-container': 'syncer',
      'example.com/scrape': 'yes',
    });
    const workload = object<ServiceAccount>(full, 'rbac/workload-service-account');
    expect([workload.imagePullSecrets, workload.automountServiceAccountToken]).toEqual([
      [{ name: 'registry-b' }],
      false,
    ]);
    expect(object<ServiceAccount>(full, 'rbac/service-account')).not.toHaveProperty('imagePullSecrets');
  });
});
