import { readFileSync } from 'node:fs';
import { FILES, PKI_FILES } from '../../lib/contract';
import {
  applyManifests,
  type Discovery,
  dnsManifests,
  ensureKubeconfigSecret,
  ensureServicesWebhook,
  removeCoreDns,
  type ServingCertificates,
} from '../bootstrap';
import type { AbsenceGuard } from '../engine/absence';
import { Controller, type ControllerReport } from '../engine/controller';
import type { OpenedKind } from '../engine/declaration';
import { spansNamespaces } from '../engine/host-namespace';
import { createRecorder } from '../engine/recorder';
import type { SideRegistry } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import type { QuotaLedger } from '../isolation/quota/ledger';
import { usageController } from '../isolation/quota/shown-usage';
import { RESOURCES } from '../kube/resources';
import type { Cache, KubeClient, Resource } from '../kube/types';
import { ensureMetricsApi } from '../metrics-api/registration';
import { type GoverningPolicy, tenantGoverns } from '../network/isolation/governed';
import { HostPolicies } from '../network/isolation/host-policies';
import { isolatedCluster } from '../network/isolation/isolated';
import type { NodeSources } from '../nodes/sources';
import { NodeSync } from '../nodes/sync';
import type { Logger } from '../observability/logger';
import type { Metrics } from '../observability/metrics';
import { hostClasses } from '../pods/host-classes';
import type { Pod } from '../pods/types';
import { API_SERVICE, apiServiceController, ensureApiService } from './api-service';
import { BY_NODE, type Caches, reflectorsOf } from './caches';
import { openCertificateKinds } from './certificate-kinds';
import { createControllers } from './controllers';
import type { SyncerEnvironment } from './environment';
import { decidesUse } from './host-namespaces';
import type { MetricsApi } from './measured';
import { startPatrol } from './patrol';
import type { Renewal } from './renewal';
import { servingAddresses } from './replicas';
import { createReport } from './report';
import type { Sides } from './sides';

/** What the leading syncer works with. */
export interface LeadParts {
  readonly env: SyncerEnvironment;
  readonly context: ClusterContext;
  readonly discovery: Discovery;
  readonly caches: Caches;
  readonly sides: Sides;
  readonly registry: SideRegistry;
  /** What the cluster holds on the host, where that is limited. */
  readonly quota: QuotaLedger | undefined;
  /** The kinds that the configuration has switched on, their caches open. */
  readonly declared: readonly OpenedKind[];
  /** Where the facts of real nodes come from, its caches open. */
  readonly nodeSources: NodeSources;
  /** The metrics API that this syncer serves, if it is to serve one. */
  readonly metricsApi: MetricsApi | undefined;
  readonly virtual: KubeClient;
  readonly host: KubeClient;
  readonly absence: AbsenceGuard;
  readonly certificates: ServingCertificates;
  readonly renewal: Renewal;
  /** The pods that serve the virtual cluster, where there can be several. */
  readonly replicas: Cache<Pod> | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Does what only one syncer may do: prepares the virtual cluster, then keeps both sides in line until `signal` aborts. */
export async function lead(parts: LeadParts, onPrepared: () => void, signal: AbortSignal): Promise<void> {
  const { caches, absence } = parts;
  absence.watch([caches.virtual.pods, caches.virtual.services, caches.virtual.configMaps, caches.virtual.secrets]);
  absence.watch([caches.virtual.endpoints, caches.virtual.endpointSlices]);
  absence.watch(
    parts.declared.flatMap(({ watched }) => watched).map(({ resource }) => parts.registry.virtual(resource).cache),
  );
  // A term may end and another begin: nobody of this one may go on listening.
  const returns = [...reflectorsOf(caches), ...parts.registry.reflectors].map((reflector) => reflector.lend());
  try {
    await leadOneTerm(parts, onPrepared, signal);
  } finally {
    for (const giveBack of returns) giveBack();
  }
}

async function leadOneTerm(parts: LeadParts, onPrepared: () => void, signal: AbortSignal): Promise<void> {
  const { context, discovery, caches, sides, absence, virtual, certificates, replicas, metrics, logger } = parts;
  const { podIp } = parts.env;
  await absence.checkStore(signal);
  const apiAddress = {
    serviceIp: discovery.serviceIps[0] ?? '',
    podIps: () => (replicas === undefined ? [podIp] : servingAddresses(replicas, podIp)),
  };
  // Before the first pod reaches the host: nothing of a tenant may ever lead to the host's own API.
  await ensureApiService(virtual, apiAddress, signal);

  const nodeSync = new NodeSync({
    context,
    hostServices: sides.services.host,
    nodes: sides.nodes,
    sources: parts.nodeSources,
    recorder: createRecorder(virtual, (error) => logger.debug({ err: error }, 'an event could not be posted')),
    virtualPods: caches.virtual.pods,
    hostPods: caches.host.pods,
    podIndex: BY_NODE,
    onAddresses: (addresses) => certificates.setAddresses(addresses),
    now: Date.now,
  });
  nodeSync.announce();
  const report = createReport(logger, metrics);
  const { services, endpoints, endpointSlices } = caches.virtual;
  const apiService = apiServiceController(virtual, apiAddress, [services, endpoints, endpointSlices], report);
  const endReplicas = replicas?.subscribe(() => apiService.enqueue(API_SERVICE));
  const controllers = createControllers({
    context,
    caches,
    sides,
    virtual,
    absence,
    nodeSync,
    declared: parts.declared,
    hostClasses: hostClasses(parts.registry, context),
    certificateKinds: openCertificateKinds(parts.registry, context),
    ...(tenantGoverns(context) && {
      tenantPolicies: parts.registry.virtual<GoverningPolicy>(RESOURCES.networkPolicies).cache,
    }),
    apiServiceIp: apiAddress.serviceIp,
    eventsSince: Date.now() - EVENTS_BACK_MS,
    report,
    logger,
    now: Date.now,
  });
  controllers.start();
  // Objects of a virtual namespace wait until its host namespace is there, and what keeps pods in with it.
  if (spansNamespaces(context)) {
    const namespaces = parts.registry.foreign(RESOURCES.namespaces, { metadataOnly: true });
    namespaces.cache.subscribe((change) => {
      if (decidesUse(change, context)) for (const controller of controllers.all) controller.wake();
    });
    HostPolicies.of(parts.registry, context)?.subscribe(() => {
      for (const controller of controllers.all) controller.wake();
    });
  }
  const furnishing = furnishingController(parts, onPrepared, report);
  furnishing.enqueue(WHOLE_CLUSTER);
  const measuring = measuringController(parts, report);
  measuring.enqueue(WHOLE_CLUSTER);
  const { configMaps } = caches.virtual;
  const usage = usageController({ virtual, configMaps, ledger: parts.quota, report }, signal);
  const endPatrol = startPatrol(
    {
      patrol() {
        controllers.patrol();
        // Whether the host has a metrics API is nothing that could be watched without rights beyond the namespace.
        measuring.enqueue(WHOLE_CLUSTER);
      },
      patrolling: controllers.patrolling,
      caches: {
        virtual: [...Object.values(caches.virtual), ...parts.registry.reflectorsOf('virtual')],
        host: [...Object.values(caches.host), ...parts.registry.reflectorsOf('host')].filter(isJudgedBy),
      },
    },
    metrics,
    logger,
  );
  const endRenewal = parts.renewal.subscribe(() => furnishing.enqueue(WHOLE_CLUSTER));
  try {
    const all = [...controllers.all, apiService, furnishing, measuring, usage];
    await Promise.all([...all.map((controller) => controller.run(signal)), backups(parts, signal)]);
  } finally {
    endPatrol();
    endRenewal();
    endReplicas?.();
  }
}

/** Saves the store on schedule, where that is declared. Loaded only then: it is nothing that an idle syncer needs. */
async function backups(parts: LeadParts, signal: AbortSignal): Promise<void> {
  const { context, host, absence, metrics, logger } = parts;
  const { cluster, hostNamespace: namespace, ownerUid, config, sections } = context;
  if (sections.backup.mode === 'off') return;
  const { refuseDoubtful, runBackups } = await import('../backup/run-backups.js');
  await runBackups(
    {
      section: sections.backup,
      owner: { cluster, namespace, ownerUid },
      kubernetes: config.kubernetesVersion,
      host,
      uid: () => {
        refuseDoubtful(absence.brake?.kind);
        return absence.mark?.uid ?? '';
      },
      metrics,
      logger: logger.child({ component: 'backup' }),
    },
    signal,
  );
}

/** Events are passed on as they come, and nothing is concluded from their absence. */
const isJudgedBy = ({ resource }: { readonly resource: Resource }): boolean => resource !== RESOURCES.events;

/** The one key of the controller that furnishes the virtual cluster. */
const WHOLE_CLUSTER = 'cluster';

/** Puts in place what every cluster has, and tries again as long as that fails: a tenant's webhook may be in the way. */
function furnishingController(parts: LeadParts, onPrepared: () => void, report: ControllerReport): Controller {
  return new Controller({
    name: 'furnishing',
    report,
    workers: 1,
    async reconcile(_, signal) {
      await furnish(parts, signal);
      onPrepared();
      return { kind: 'unchanged' };
    },
  });
}

/** Registers the metrics API while the host has one to read from. */
function measuringController({ metricsApi, virtual }: LeadParts, report: ControllerReport): Controller {
  return new Controller({
    name: 'metrics-api',
    report,
    workers: 1,
    async reconcile(_, signal) {
      const isServed = metricsApi !== undefined && (await metricsApi.host.isServed());
      const caBundle = readFileSync(`${FILES.pkiDir}/${PKI_FILES.caCert}`, 'utf8');
      const written = await ensureMetricsApi(virtual, caBundle, isServed, { signal });
      return { kind: written.length > 0 ? 'patched' : 'unchanged' };
    },
  });
}

/** Events older than this at the start were passed on by an earlier syncer, or interest nobody any more. */
const EVENTS_BACK_MS = 60_000;

async function furnish(parts: LeadParts, signal: AbortSignal): Promise<void> {
  const { virtual, host, context } = parts;
  const pki = (file: string): string => readFileSync(`${FILES.pkiDir}/${file}`, 'utf8');
  await ensureServicesWebhook(virtual, pki(PKI_FILES.caCert), { signal });
  await Promise.all([
    furnishDns(parts, signal),
    ensureKubeconfigSecret(host, {
      cluster: context.cluster,
      hostNamespace: context.hostNamespace,
      ownerUid: context.ownerUid,
      server: context.sections.endpoint.server ?? context.config.kubeconfigServer,
      bundle: {
        [PKI_FILES.caCert]: pki(PKI_FILES.caCert),
        [PKI_FILES.adminCert]: pki(PKI_FILES.adminCert),
        [PKI_FILES.adminKey]: pki(PKI_FILES.adminKey),
      },
    }),
  ]);
}

async function furnishDns({ virtual, context, discovery }: LeadParts, signal: AbortSignal): Promise<void> {
  const { config } = context;
  const hidesHost = isolatedCluster(context) !== undefined;
  await applyManifests(virtual, dnsManifests({ config, ...discovery, hidesHost }), { signal });
  if (config.dns.mode === 'embedded') await removeCoreDns(virtual, { signal });
}
