import type { Tool } from './tools';

/** Versions of the programs that tests run against a cluster. */
const VERSIONS = {
  helm: '3.22.0',
  pulumi: '3.259.0',
  pulumiYaml: '1.25.0',
  sampleController: '0.36.3',
  traefik: '3.6.0',
  versitygw: '1.8.0',
} as const;

/** Helm, which tests install charts with as users do. */
export const HELM: Tool = {
  name: 'helm',
  version: VERSIONS.helm,
  binaries: ['helm'],
  go: { kind: 'install', module: 'helm.sh/helm/v3', packages: ['cmd/helm'] },
  releases: [],
};

/** Pulumi's command and engine, which tests run programs with. Its releases are no single binaries with checksums. */
export const PULUMI: Tool = {
  name: 'pulumi',
  version: VERSIONS.pulumi,
  binaries: ['pulumi'],
  go: {
    kind: 'wrapper',
    module: 'github.com/pulumi/pulumi/pkg/v3',
    packages: ['cmd/pulumi'],
    // The SDK refuses an engine that does not tell its version.
    variables: { 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version': `v${VERSIONS.pulumi}` },
  },
  releases: [],
};

/** Runs Pulumi programs that are written in YAML. */
export const PULUMI_YAML: Tool = {
  name: 'pulumi-language-yaml',
  version: VERSIONS.pulumiYaml,
  binaries: ['pulumi-language-yaml'],
  go: { kind: 'install', module: 'github.com/pulumi/pulumi-yaml', packages: ['cmd/pulumi-language-yaml'] },
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

/** A controller of Ingresses and gateways. Later versions need a package that is published nowhere. */
export const TRAEFIK: Tool = {
  name: 'traefik',
  version: VERSIONS.traefik,
  binaries: ['traefik'],
  go: {
    kind: 'wrapper',
    module: 'github.com/traefik/traefik/v3',
    packages: ['cmd/traefik'],
    replaces: {
      'github.com/abbot/go-http-auth': 'github.com/containous/go-http-auth v0.4.1-0.20200324110947-a37a7636d23e',
      'github.com/gorilla/mux': 'github.com/containous/mux v0.0.0-20250523120546-41b6ec3aed59',
      'github.com/mailgun/minheap': 'github.com/containous/minheap v0.0.0-20190809180810-6e71eb837595',
    },
  },
  releases: [],
};

/** An object store with the S3 protocol that keeps its objects as files, and checks the signature of each request. */
export const VERSITYGW: Tool = {
  name: 'versitygw',
  version: VERSIONS.versitygw,
  binaries: ['versitygw'],
  go: { kind: 'install', module: 'github.com/versity/versitygw', packages: ['cmd/versitygw'] },
  releases: [],
};
