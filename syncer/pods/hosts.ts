import type { Container as HostContainer, ResourceRequirements, Volume, VolumeMount } from 'kubernetes-types/core/v1';
import { fullHostname, shortHostname } from './hostname';
import { HOSTS_ENV } from './hosts-command';
import type { Container, Pod, PodContext } from './types';

/** Name of the helper container, and of the volume in which it leaves the file. */
export const HOSTS_HELPER = 'sublet-hosts';

const ETC_HOSTS = '/etc/hosts';
const HELPER_DIR = '/sublet-hosts';
const FILE = 'hosts';

/** Annotation by which a pod does without the helper. vCluster's. */
const NO_HELPER = 'vcluster.loft.sh/disable-subdomain-rewrite';

/**
 * Whether a pod needs a hosts file of its own: a kubelet would write the host's namespace and domain into it. One whose
 * host name *is* its full name gets that written by the kubelet itself, where the host knows `hostnameOverride`.
 */
export function needsHostsFile(v: Pod, ctx: PodContext): boolean {
  if (fullHostname(v, ctx) === undefined || v.spec.os?.name === 'windows') return false;
  if (!ctx.sections.sync.toHost.pods.rewriteHosts.enabled) return false;
  if (v.metadata.annotations?.[NO_HELPER] === 'true') return false;
  return v.spec.setHostnameAsFQDN !== true || !overridesHostname(ctx.hostVersion);
}

/** `hostnameOverride` is on by default since Kubernetes 1.35 (KEP-4762). */
function overridesHostname(version = '1.0'): boolean {
  return Number(version.split('.')[1]) >= 35;
}

/** The helper container: it writes the hosts file before any other container starts, and again in a new sandbox. */
export function hostsHelper(v: Pod, ctx: PodContext): HostContainer {
  const { syncerImage, syncerImagePullPolicy } = ctx.config;
  const resources = ctx.sections.sync.toHost.pods.rewriteHosts.resources ?? helperResources(v);
  return {
    name: HOSTS_HELPER,
    image: syncerImage,
    imagePullPolicy: syncerImagePullPolicy,
    args: ['hosts'],
    env: [
      { name: HOSTS_ENV.file, value: `${HELPER_DIR}/${FILE}` },
      { name: HOSTS_ENV.fullName, value: fullHostname(v, ctx) ?? '' },
      { name: HOSTS_ENV.shortName, value: shortHostname(v) },
      {
        name: HOSTS_ENV.aliases,
        value: JSON.stringify((v.spec.hostAliases ?? []).map(({ ip, hostnames = [] }) => ({ ip, hostnames }))),
      },
      { name: HOSTS_ENV.addresses, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIPs' } } },
    ],
    ...(resources && { resources }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: [{ name: HOSTS_HELPER, mountPath: HELPER_DIR }],
  };
}

/** The volume that holds the hosts file. */
export function hostsVolume(): Volume {
  return { name: HOSTS_HELPER, emptyDir: {} };
}

/** Shows the hosts file to a container, unless it brings its own. A kubelet then leaves `/etc/hosts` alone. */
export function withHostsFile<C extends Container>(container: C): C {
  const mounts: readonly VolumeMount[] = container.volumeMounts ?? [];
  if (mounts.some(({ mountPath }) => mountPath === ETC_HOSTS)) return container;
  return { ...container, volumeMounts: [...mounts, { name: HOSTS_HELPER, mountPath: ETC_HOSTS, subPath: FILE }] };
}

/**
 * What the helper may use. The pod's quality of service must stay what the tenant's containers make it: none where they
 * have none (or the pod as a whole has), equal requests and limits where all of theirs are equal.
 */
function helperResources(v: Pod): ResourceRequirements | undefined {
  const all = [...(v.spec.initContainers ?? []), ...v.spec.containers].map(({ resources }) => resources ?? {});
  const amounts = all.flatMap(({ limits, requests }) => [limits, requests]);
  const hasNone = amounts.every((amount) => amount?.cpu === undefined && amount?.memory === undefined);
  if (hasNone || v.spec.resources !== undefined) return undefined;
  const limits = { cpu: '100m', memory: '96Mi' };
  return all.every(isGuaranteed) ? { requests: limits, limits } : { requests: { cpu: '10m', memory: '32Mi' }, limits };
}

function isGuaranteed({ limits = {}, requests = {} }: ResourceRequirements): boolean {
  return ['cpu', 'memory'].every((name) => {
    const limit = limits[name];
    return limit !== undefined && (requests[name] ?? limit) === limit;
  });
}
