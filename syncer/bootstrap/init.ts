import type { ServiceSpec } from 'kubernetes-types/core/v1';
import {
  type CoreSection,
  clusterNames,
  type EndpointSection,
  FILES,
  PKI_FILES,
  parseSection,
  SECTION_KEY,
  SERVICE_CIDR_KEY,
  type SectionContent,
  type SectionName,
  SubletError,
  sectionConfigMapName,
} from '../../lib/contract';
import type { Clock, Random } from '../kube/clock';
import type { Logger } from '../kube/logger';
import { RESOURCES } from '../kube/resources';
import type { KubeClient, KubeObject } from '../kube/types';
import type { Discovery } from './discovery/discovery';
import { type HostResolver, parseResolvConf } from './discovery/resolv-conf';
import { findServiceCidr } from './discovery/service-cidr';
import { controlPlaneFiles, type FileSet } from './files';
import { withRight } from './host-rights';
import { issueLeaf } from './pki/issue';
import { leafProfiles } from './pki/profiles';
import { type LoadedPki, loadOrCreatePki } from './pki/secret';
import type { PkiBundle, PkiIdentity, PkiSources } from './pki/types';
import { retryWhilePassing } from './retry';

/** What `init` works with. */
export interface InitParts extends PkiSources {
  /** From the container's environment. */
  readonly env: { readonly cluster: string; readonly namespace: string; readonly podIp: string };
  readonly hostClient: KubeClient;
  /** Content of the pod's `/etc/resolv.conf`. */
  readonly resolvConf: string;
  /** Writes the files that the other containers read. */
  readonly writeFiles: (files: FileSet, directory: string) => Promise<void>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** How long to wait for the host's API and for what belongs to the cluster, in milliseconds. @default 120000 */
  readonly withinMs?: number;
  readonly clock?: Clock;
  readonly jitter?: Random;
}

/** What `init` leaves behind. */
export interface InitResult {
  readonly core: CoreSection;
  readonly discovery: Discovery;
  /** The PKI as written to the files. */
  readonly bundle: PkiBundle;
}

/**
 * Prepares the control-plane pod before its containers start: certificates, the host's service CIDR, kubeconfigs and
 * configuration files. It can run again at any time, and does in a running pod to renew certificates.
 * @throws SubletError `NOT_READY`, `API_UNREACHABLE` when what it needs does not show up in time; `HOST_RIGHTS`,
 *   `CONFIG_INVALID`, `PKI_INVALID`, `HOST_SETUP` when it can't go on
 */
export async function runInit(parts: InitParts): Promise<InitResult> {
  const { env, logger, signal, withinMs = 120_000, clock, jitter } = parts;
  const retry = {
    signal,
    logger,
    withinMs,
    ...(clock === undefined ? {} : { clock }),
    ...(jitter === undefined ? {} : { random: jitter }),
  };
  const prepared = await retryWhilePassing('preparing the control plane', () => prepare(parts), retry);
  await parts.writeFiles(controlPlaneFiles(prepared.bundle, prepared.discovery), FILES.pkiDir);
  const { serviceCidr, serviceIps } = prepared.discovery;
  logger.info({ cluster: env.cluster, serviceCidr, serviceIps }, 'the control plane is prepared');
  return prepared;
}

interface HostService extends KubeObject {
  readonly spec?: ServiceSpec;
}

interface ConfigMap extends KubeObject {
  readonly data?: { readonly [key: string]: string };
}

async function prepare(parts: InitParts): Promise<InitResult> {
  const { env } = parts;
  const [core, endpoint, service] = await Promise.all([readCore(parts), readEndpoint(parts), readService(parts)]);
  const resolver = parseResolvConf(parts.resolvConf);
  const serviceIps = clusterIpsOf(service);
  const identity: PkiIdentity = {
    cluster: env.cluster,
    hostNamespace: env.namespace,
    clusterDomain: core.clusterDomain,
    ...(resolver.clusterDomain === undefined ? {} : { hostClusterDomain: resolver.clusterDomain }),
    serviceIps,
    extraSans: [...core.extraSans, ...(endpoint?.sans ?? [])],
  };
  const loaded = await loadPki(parts, identity, core);
  return {
    core,
    bundle: withPodAddress(loaded.bundle, identity, parts),
    discovery: discoveryOf(loaded, service, serviceIps, resolver),
  };
}

async function readCore(parts: InitParts): Promise<CoreSection> {
  const { cluster, namespace } = parts.env;
  const core = await readSection(parts, 'core');
  if (core !== undefined) return core;
  const name = sectionConfigMapName(cluster, 'core');
  throw missing(`ConfigMap ${namespace}/${name} with the cluster's configuration`);
}

/** A policy may bring it later. The control plane starts without it, and gets the names when it is there. */
const readEndpoint = (parts: InitParts): Promise<EndpointSection | undefined> => readSection(parts, 'endpoint');

async function readSection<Name extends SectionName>(
  { env: { cluster, namespace }, hostClient, signal }: InitParts,
  section: Name,
): Promise<SectionContent<Name> | undefined> {
  const name = sectionConfigMapName(cluster, section);
  const configMap = await withRight({ verb: 'get', resource: 'configmaps', namespace }, () =>
    hostClient.get<ConfigMap>(RESOURCES.configMaps, namespace, name, { signal }),
  );
  const text = configMap?.data?.[SECTION_KEY];
  return text === undefined ? undefined : parseSection(section, text);
}

async function readService({ env, hostClient, signal }: InitParts): Promise<HostService> {
  const { cluster, namespace } = env;
  const name = clusterNames(cluster).controlPlane;
  const service = await withRight({ verb: 'get', resource: 'services', namespace }, () =>
    hostClient.get<HostService>(RESOURCES.services, namespace, name, { signal }),
  );
  if (service === undefined || clusterIpsOf(service).length === 0) {
    throw missing(`Service ${namespace}/${name} with a ClusterIP`);
  }
  return service;
}

function clusterIpsOf({ spec }: HostService): string[] {
  const ips = spec?.clusterIPs ?? (spec?.clusterIP === undefined ? [] : [spec.clusterIP]);
  return ips.filter((ip) => ip !== '' && ip !== 'None');
}

function missing(what: string): SubletError {
  return new SubletError('NOT_READY', `${what} does not exist`, {
    hint: 'Apply all manifests of the virtual cluster.',
  });
}

function loadPki(parts: InitParts, identity: PkiIdentity, core: CoreSection): Promise<LoadedPki> {
  const { hostClient, signal, env } = parts;
  const { namespace } = env;
  const findExtras = async (stored: { readonly [key: string]: string }) => {
    const known = core.serviceCidr ?? stored[SERVICE_CIDR_KEY];
    const knownIp = identity.serviceIps[0] ?? '';
    const find = () => findServiceCidr({ client: hostClient, namespace, knownIp, options: { signal } });
    return { [SERVICE_CIDR_KEY]: known ?? (await find()) };
  };
  return withRight({ verb: 'get, create and update', resource: 'secrets', namespace }, () =>
    loadOrCreatePki({ ...parts, client: hostClient, identity, options: { signal } }, findExtras),
  );
}

/**
 * Pods come and go, and replicas have one address each. So the pod's own address is in the certificate that the pod
 * serves, but not in the shared one of the Secret.
 */
function withPodAddress(bundle: PkiBundle, identity: PkiIdentity, { env, ...sources }: InitParts): PkiBundle {
  const profile = leafProfiles(identity).find(({ cert }) => cert === PKI_FILES.apiServerCert);
  if (profile === undefined) return bundle;
  const authority = { cert: bundle[PKI_FILES.caCert], key: bundle[PKI_FILES.caKey] };
  const sans = [...profile.sans, env.podIp];
  const { cert } = issueLeaf({ ...profile, sans }, authority, sources, bundle[PKI_FILES.apiServerKey]);
  return { ...bundle, [PKI_FILES.apiServerCert]: cert };
}

function discoveryOf(
  { extras }: LoadedPki,
  service: HostService,
  serviceIps: string[],
  resolver: HostResolver,
): Discovery {
  return {
    serviceCidr: extras[SERVICE_CIDR_KEY] ?? '',
    serviceUid: service.metadata.uid ?? '',
    serviceIps,
    hostNameservers: [...resolver.nameservers],
    ...(resolver.clusterDomain === undefined ? {} : { hostClusterDomain: resolver.clusterDomain }),
  };
}
