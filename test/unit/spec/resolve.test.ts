import { KUBERNETES_VERSIONS, resolveSpec, VERSION } from '../../../lib';
import { version } from '../../../package.json';

describe('resolveSpec', () => {
  it('fills in every default', () => {
    const { sections: _, ...resolved } = resolveSpec({ name: 'team-a' });
    expect(resolved).toEqual({
      admission: 'baseline',
      name: 'team-a',
      namespace: 'vcluster-team-a',
      createNamespace: true,
      kubernetes: { distro: 'k8s', version: '1.37.2' },
      store: {
        kind: 'sqlite',
        persistence: { kind: 'volumeClaim', size: '5Gi', whenDeleted: 'retain' },
        resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: {} },
      },
      controlPlane: {
        replicas: 1,
        extraSans: [],
        service: { type: 'ClusterIP' },
        apiServer: { resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: {} }, extraArgs: [] },
        controllerManager: { resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: {} }, extraArgs: [] },
        syncer: { resources: { requests: { cpu: '20m', memory: '96Mi' }, limits: {} }, logLevel: 'info' },
        podAnnotations: {},
        nodeSelector: {},
        tolerations: [],
      },
      networking: { clusterDomain: 'cluster.local' },
      scheduler: { kind: 'none' },
      requires: [],
      dns: {
        mode: 'coredns',
        replicas: 1,
        resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '170Mi' } },
        forwardToHost: false,
        names: [],
        upstream: [],
      },
      images: {
        apiServer: 'registry.k8s.io/kube-apiserver:v1.37.2',
        controllerManager: 'registry.k8s.io/kube-controller-manager:v1.37.2',
        kine: 'docker.io/rancher/kine:v0.17.5',
        coredns: 'registry.k8s.io/coredns/coredns:v1.15.0',
        syncer: `ghcr.io/sublet/syncer:${version}`,
        pullPolicy: 'IfNotPresent',
        pullSecrets: [],
        scheduler: 'registry.k8s.io/kube-scheduler:v1.37.2',
        workloadPullSecrets: [],
      },
      kubeconfig: { server: 'https://team-a.vcluster-team-a.svc' },
    });
  });

  it.each(Object.entries(KUBERNETES_VERSIONS))('takes %s for %s', (minor, patch) => {
    const versionOf = (chosen: string) =>
      resolveSpec({ name: 'team-a', kubernetes: { version: chosen as '1.37' } }).kubernetes.version;
    expect([versionOf(minor), versionOf(patch)]).toEqual([patch, patch]);
  });

  it('keeps the default of each amount that is not named', () => {
    const { store } = resolveSpec({ name: 'a', store: { kind: 'sqlite', resources: { requests: { cpu: '1' } } } });
    expect(store).toMatchObject({ resources: { requests: { cpu: '1', memory: '48Mi' } } });
  });

  it('takes every image from the registry that is named, and leaves those that are named whole', () => {
    const { images } = resolveSpec({ name: 'a', images: { registry: 'r.example/m', coredns: 'x/coredns:1' } });
    expect(images).toMatchObject({
      apiServer: 'r.example/m/kube-apiserver:v1.37.2',
      kine: 'r.example/m/rancher/kine:v0.17.5',
      syncer: `r.example/m/sublet/syncer:${version}`,
      coredns: 'x/coredns:1',
    });
  });

  it('takes the syncer of its own release', () => {
    expect(VERSION).toBe(version);
  });
});
