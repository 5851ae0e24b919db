import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { VirtualCluster } from 'sublet/pulumi';
import { parse } from 'yaml';

const repository = new pulumi.Config().require('repository');

// Both run on the host here, so that the kubeconfig's default address, the Service's name, suits them.
const cluster = new VirtualCluster('team-a');

// Flux reads the Secret that the virtual cluster keeps up to date itself. It must lie in the namespace of the
// Kustomization. When this stack is destroyed, Flux prunes first, and for that the cluster must still be there.
const metadata = { name: 'team-a', namespace: cluster.namespace };
const afterCluster = { dependsOn: cluster };
const source = new k8s.apiextensions.CustomResource(
  'flux-source',
  {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata,
    spec: { url: repository, ref: { branch: 'main' }, interval: '5m' },
  },
  afterCluster,
);
new k8s.apiextensions.CustomResource(
  'flux-kustomization',
  {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata,
    spec: {
      kubeConfig: { secretRef: { ...cluster.kubeconfigSecret } },
      sourceRef: { kind: source.kind, name: source.metadata.name },
      path: './',
      prune: true,
      interval: '5m',
    },
  },
  afterCluster,
);

/** What of the kubeconfig an Argo CD cluster Secret is made of. Its data are base64 in both. */
interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly 'certificate-authority-data': string } }];
  readonly users: readonly [
    { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } },
  ];
}

// Argo CD wants a Secret of its own form. Its value is secret in Pulumi's state, as the kubeconfig is.
const credentials = cluster.kubeconfig.apply((text) => {
  const config: Kubeconfig = parse(text);
  const [{ cluster: server }] = config.clusters;
  const [{ user }] = config.users;
  return JSON.stringify({
    tlsClientConfig: {
      caData: server['certificate-authority-data'],
      certData: user['client-certificate-data'],
      keyData: user['client-key-data'],
    },
  });
});
new k8s.core.v1.Secret('argo-cd-cluster', {
  metadata: {
    name: 'cluster-team-a',
    namespace: 'argocd',
    labels: { 'argocd.argoproj.io/secret-type': 'cluster' },
  },
  stringData: { name: cluster.name, server: cluster.endpoint, config: credentials },
});
