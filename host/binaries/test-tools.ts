import type { Tool } from './tools';

/** Versions of the programs that tests run against a cluster. */
const VERSIONS = { helm: '3.22.0', sampleController: '0.36.3' } as const;

/** Helm, which tests install charts with as users do. */
export const HELM: Tool = {
  name: 'helm',
  version: VERSIONS.helm,
  binaries: ['helm'],
  go: { kind: 'install', module: 'helm.sh/helm/v3', packages: ['cmd/helm'] },
  releases: [],
};

/** Kubernetes' example of an operator: it makes a Deployment for each of its custom resources `Foo`. */
export const SAMPLE_CONTROLLER: Tool = {
  name: 'sample-controller',
  version: VERSIONS.sampleController,
  binaries: ['sample-controller'],
  go: { kind: 'wrapper', module: 'k8s.io/sample-controller', packages: [''] },
  releases: [],
};
