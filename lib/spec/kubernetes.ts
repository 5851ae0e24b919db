import * as z from 'zod';

/**
 * The Kubernetes versions that a virtual cluster can have, by minor version: the newest patch release of each, as it
 * was tested with this release of Sublet.
 */
export const KUBERNETES_VERSIONS = {
  '1.33': '1.33.13',
  '1.34': '1.34.4',
  '1.35': '1.35.4',
  '1.36': '1.36.3',
  '1.37': '1.37.2',
} as const;

/** A minor version that can be chosen. */
export type KubernetesMinor = keyof typeof KUBERNETES_VERSIONS;

/** A version that can be chosen: `1.37` for the newest patch release known to this release of Sublet, or `1.37.2`. */
export type KubernetesVersion = KubernetesMinor | (typeof KUBERNETES_VERSIONS)[KubernetesMinor];

/** The version of a virtual cluster that names none. */
export const DEFAULT_KUBERNETES_VERSION: KubernetesMinor = '1.37';

/** What the virtual cluster runs. */
export interface KubernetesOptions {
  /**
   * Version of the virtual cluster, independent of the host's.
   * @default '1.37'
   */
  readonly version?: KubernetesVersion;
  /**
   * Distribution of the control plane: `k8s` is upstream Kubernetes, a container for each component.
   * @default 'k8s'
   */
  readonly distro?: 'k8s';
}

/** {@link KubernetesOptions} with nothing left open. */
export interface ResolvedKubernetes {
  readonly distro: 'k8s';
  /** Major, minor and patch: `1.37.2`. */
  readonly version: string;
}

/** The schema of {@link KubernetesOptions}. */
export const kubernetesSchema = z
  .strictObject({ version: z.enum(allowedVersions()).optional(), distro: z.enum(['k8s']).optional() })
  .readonly();

/** Fills in the defaults. */
export function resolveKubernetes(options: KubernetesOptions = {}): ResolvedKubernetes {
  const version = options.version ?? DEFAULT_KUBERNETES_VERSION;
  return { distro: options.distro ?? 'k8s', version: isMinor(version) ? KUBERNETES_VERSIONS[version] : version };
}

function isMinor(version: KubernetesVersion): version is KubernetesMinor {
  return version in KUBERNETES_VERSIONS;
}

function allowedVersions(): readonly KubernetesVersion[] {
  return Object.entries(KUBERNETES_VERSIONS).flatMap((pair) => pair as KubernetesVersion[]);
}
