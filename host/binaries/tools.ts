import type { GoRecipe, ReleaseFile } from './recipe';
import { goArchitecture, NEWEST_KUBERNETES, VERSIONS } from './versions';

/** A program, or several of one release, that the host cluster or its images are made of. */
export interface Tool {
  readonly name: string;
  /** Without a leading `v`. */
  readonly version: string;
  readonly binaries: readonly string[];
  readonly go: GoRecipe;
  /** Empty when the project publishes no binaries with checksums. */
  readonly releases: readonly ReleaseFile[];
}

const architecture = goArchitecture();
const CONTROL_PLANE = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
const NODE_TOOLS = ['kubelet', 'kube-proxy', 'kubectl'] as const;

/** The three control-plane programs of one Kubernetes version. */
export function controlPlaneTool(version: string): Tool {
  return kubernetesTool(version, CONTROL_PLANE);
}

/** kubelet, kube-proxy and kubectl of the newest Kubernetes. */
export function nodeTool(): Tool {
  return { ...kubernetesTool(NEWEST_KUBERNETES, NODE_TOOLS), name: 'kubernetes-node' };
}

/** Kubernetes' own test server, from the same module: servers and clients of many protocols for tests. */
export function agnhostTool(): Tool {
  return {
    name: 'agnhost',
    version: NEWEST_KUBERNETES,
    binaries: ['agnhost'],
    go: {
      kind: 'wrapper',
      module: 'k8s.io/kubernetes',
      packages: ['test/images/agnhost'],
      kubernetes: NEWEST_KUBERNETES,
    },
    releases: [],
  };
}

/** Kubernetes' own end-to-end specs, the conformance specs among them, as one program. */
export function e2eTool(): Tool {
  return {
    name: 'e2e',
    version: NEWEST_KUBERNETES,
    binaries: ['e2e.test'],
    go: {
      kind: 'wrapper',
      module: 'k8s.io/kubernetes',
      packages: ['test/e2e'],
      kubernetes: NEWEST_KUBERNETES,
      builds: 'tests',
    },
    releases: [],
  };
}

/** Tells its effective user: the specs check with it that a container gains no privileges. */
export function nonewprivsTool(): Tool {
  return {
    name: 'nonewprivs',
    version: NEWEST_KUBERNETES,
    binaries: ['nonewprivs'],
    go: {
      kind: 'wrapper',
      module: 'k8s.io/kubernetes',
      packages: ['test/images/nonewprivs'],
      kubernetes: NEWEST_KUBERNETES,
    },
    releases: [],
  };
}

/** Kubernetes' example of an aggregated API server. */
export function sampleApiServerTool(): Tool {
  return {
    name: 'sample-apiserver',
    version: NEWEST_KUBERNETES,
    binaries: ['kube-sample-apiserver'],
    go: { kind: 'wrapper', module: 'k8s.io/sample-apiserver', packages: [''], kubernetes: NEWEST_KUBERNETES },
    releases: [],
  };
}

/** Runs {@link e2eTool} in several processes. It must have the version that the specs were built with, or they refuse. */
export function ginkgoTool(): Tool {
  return {
    name: 'ginkgo',
    version: VERSIONS.ginkgo,
    binaries: ['ginkgo'],
    go: { kind: 'install', module: 'github.com/onsi/ginkgo/v2', packages: ['ginkgo'] },
    releases: [],
  };
}

/** Everything but Kubernetes. */
export const TOOLS = {
  etcd: {
    name: 'etcd',
    version: VERSIONS.etcd,
    binaries: ['etcd'],
    go: { kind: 'wrapper', module: 'go.etcd.io/etcd/server/v3', packages: [''] },
    releases: [
      archive(
        `https://github.com/etcd-io/etcd/releases/download/v${VERSIONS.etcd}`,
        `etcd-v${VERSIONS.etcd}-linux-${architecture}.tar.gz`,
        'SHA256SUMS',
        { etcd: `etcd-v${VERSIONS.etcd}-linux-${architecture}/etcd` },
      ),
    ],
  },
  containerd: {
    name: 'containerd',
    version: VERSIONS.containerd,
    binaries: ['containerd', 'containerd-shim-runc-v2', 'ctr'],
    go: {
      kind: 'install',
      module: 'github.com/containerd/containerd/v2',
      packages: ['cmd/containerd', 'cmd/containerd-shim-runc-v2', 'cmd/ctr'],
    },
    releases: [
      archive(
        `https://github.com/containerd/containerd/releases/download/v${VERSIONS.containerd}`,
        `containerd-${VERSIONS.containerd}-linux-${architecture}.tar.gz`,
        '.sha256sum',
        {
          containerd: 'bin/containerd',
          'containerd-shim-runc-v2': 'bin/containerd-shim-runc-v2',
          ctr: 'bin/ctr',
        },
      ),
    ],
  },
  runc: {
    name: 'runc',
    version: VERSIONS.runc,
    binaries: ['runc'],
    go: {
      kind: 'install',
      module: 'github.com/opencontainers/runc',
      packages: [''],
      // Without the tag every sandbox fails with "seccomp not supported".
      cgo: { tags: 'seccomp', static: false, libraries: ['libseccomp'] },
    },
    releases: [
      {
        url: `https://github.com/opencontainers/runc/releases/download/v${VERSIONS.runc}/runc.${architecture}`,
        checksumUrl: `https://github.com/opencontainers/runc/releases/download/v${VERSIONS.runc}/runc.sha256sum`,
        binary: 'runc',
      },
    ],
  },
  cniPlugins: {
    name: 'cni-plugins',
    version: VERSIONS.cniPlugins,
    binaries: ['bridge', 'loopback', 'host-local', 'portmap'],
    go: {
      kind: 'install',
      module: 'github.com/containernetworking/plugins',
      packages: ['plugins/main/bridge', 'plugins/main/loopback', 'plugins/ipam/host-local', 'plugins/meta/portmap'],
    },
    releases: [
      archive(
        `https://github.com/containernetworking/plugins/releases/download/v${VERSIONS.cniPlugins}`,
        `cni-plugins-linux-${architecture}-v${VERSIONS.cniPlugins}.tgz`,
        '.sha256',
        { bridge: './bridge', loopback: './loopback', 'host-local': './host-local', portmap: './portmap' },
      ),
    ],
  },
  coredns: {
    name: 'coredns',
    version: VERSIONS.coredns,
    binaries: ['coredns'],
    go: { kind: 'install', module: 'github.com/coredns/coredns', packages: [''] },
    releases: [
      archive(
        `https://github.com/coredns/coredns/releases/download/v${VERSIONS.coredns}`,
        `coredns_${VERSIONS.coredns}_linux_${architecture}.tgz`,
        '.sha256',
        { coredns: 'coredns' },
      ),
    ],
  },
  registry: {
    name: 'registry',
    version: VERSIONS.registry,
    binaries: ['registry'],
    go: { kind: 'install', module: 'github.com/distribution/distribution/v3', packages: ['cmd/registry'] },
    releases: [
      archive(
        `https://github.com/distribution/distribution/releases/download/v${VERSIONS.registry}`,
        `registry_${VERSIONS.registry}_linux_${architecture}.tar.gz`,
        '.sha256',
        { registry: 'registry' },
      ),
    ],
  },
  kine: {
    name: 'kine',
    version: VERSIONS.kine,
    binaries: ['kine'],
    // Static, so that its image holds nothing else; sqlite is C. The released binary differs from machine to machine.
    go: {
      kind: 'install',
      module: 'github.com/k3s-io/kine',
      packages: [''],
      cgo: { tags: 'netgo osusergo sqlite_omit_load_extension', static: true, libraries: [] },
    },
    releases: [],
  },
  kwok: {
    name: 'kwok',
    version: VERSIONS.kwok,
    binaries: ['kwok'],
    go: { kind: 'install', module: 'sigs.k8s.io/kwok', packages: ['cmd/kwok'] },
    releases: [],
  },
  localPathProvisioner: {
    name: 'local-path-provisioner',
    version: VERSIONS.localPathProvisioner,
    binaries: ['local-path-provisioner'],
    go: { kind: 'install', module: 'github.com/rancher/local-path-provisioner', packages: [''] },
    releases: [],
  },
  /** Measures nodes and pods for tests; a host cluster has none of its own. */
  metricsServer: {
    name: 'metrics-server',
    version: VERSIONS.metricsServer,
    binaries: ['metrics-server'],
    go: { kind: 'install', module: 'sigs.k8s.io/metrics-server', packages: ['cmd/metrics-server'] },
    releases: [],
  },
} as const satisfies { readonly [name: string]: Tool };

function kubernetesTool(version: string, binaries: readonly string[]): Tool {
  return {
    name: 'kubernetes',
    version,
    binaries,
    go: {
      kind: 'wrapper',
      module: 'k8s.io/kubernetes',
      packages: binaries.map((binary) => `cmd/${binary}`),
      kubernetes: version,
    },
    releases: binaries.map((binary) => {
      const url = `https://dl.k8s.io/v${version}/bin/linux/${architecture}/${binary}`;
      return { url, checksumUrl: `${url}.sha256`, binary };
    }),
  };
}

/** `checksum` is a file of the same folder, or a suffix of the archive's own name. */
function archive(
  folder: string,
  file: string,
  checksum: string,
  members: { readonly [binary: string]: string },
): ReleaseFile {
  const checksumFile = checksum.startsWith('.') ? `${file}${checksum}` : checksum;
  return { url: `${folder}/${file}`, checksumUrl: `${folder}/${checksumFile}`, members };
}
