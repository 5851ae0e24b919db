import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ANNOTATIONS, clusterNames, FILES, LABELS, METRICS_SERVICE, PKI_FILES, SubletError } from '../../lib/contract';
import { createServingCertificates, type Discovery, parseDiscovery, type ServingCertificates } from '../bootstrap';
import { startDns } from '../dns/start';
import { AbsenceGuard } from '../engine/absence';
import { spansNamespaces } from '../engine/host-namespace';
import { Side } from '../engine/side';
import { SideRegistry } from '../engine/side-registry';
import type { ClusterContext } from '../engine/types';
import { openQuota } from '../isolation/quota/open';
import { linkSignal } from '../kube/abort';
import { createKubeClient } from '../kube/client';
import { connectionOfKubeconfig } from '../kube/config';
import { inClusterConnection } from '../kube/in-cluster';
import { runLeaderElection } from '../kube/leader-election';
import { holderOf } from '../kube/lease';
import { createReflector } from '../kube/reflector';
import { RESOURCES } from '../kube/resources';
import type { KubeClient } from '../kube/types';
import { startKubeletServer } from '../kubelet/server';
import { startEgressServer } from '../network/egress-server';
import { openTenantPolicies, tenantGoverns } from '../network/isolation/governed';
import { isolatedCluster } from '../network/isolation/isolated';
import { coverNodes } from '../nodes/node-services';
import { openNodeSources } from '../nodes/sources';
import { startHealthServer } from '../observability/health';
import { createLogger, type Logger } from '../observability/logger';
import { createMetrics } from '../observability/metrics';
import { createReadiness } from '../observability/readiness';
import { createPatches } from '../patches/patches';
import { admitService } from '../services/admission';
import { serviceHost } from '../services/service-host';
import { startWebhookServer } from '../webhook/server';
import { createCaches, reflectorsOf } from './caches';
import { openCertificateKinds } from './certificate-kinds';
import { openDeclarations } from './declared';
import { egressFacts } from './egress-facts';
import type { SyncerEnvironment } from './environment';
import { usable } from './host-namespaces';
import { lead } from './lead';
import { openMetricsApi, showsHost } from './measured';
import { podLookup } from './pod-lookup';
import { startRenewal } from './renewal';
import { watchReplicas } from './replicas';
import { onSectionChange, type SectionConfigMap, waitForSections } from './sections';
import { adoptSides, createSides } from './sides';

/** Why a syncer ended: it was told to, or its configuration has changed and the next one has to read it. */
export type RunEnd = 'stopped' | 'reconfigured';

/**
 * Runs the syncer until `signal` aborts, or until its configuration changes.
 * @throws SubletError when it can't start
 */
export async function runSyncer(env: SyncerEnvironment, signal: AbortSignal): Promise<RunEnd> {
  const logger = createLogger({ cluster: env.cluster, level: env.logLevel });
  const metrics = createMetrics();
  const readiness = createReadiness();
  const gates = {
    sections: readiness.gate('configuration', 'not read yet'),
    api: readiness.gate('virtual API server', 'it does not answer yet'),
    caches: readiness.gate('caches', 'not filled yet'),
    leading: readiness.gate('virtual cluster', 'not prepared yet'),
  };
  const health = await startHealthServer({ readiness: readiness.reasons, metrics });
  const stop = linkSignal(signal);
  let end: RunEnd = 'stopped';

  const host = createKubeClient(inClusterConnection());
  const virtual = createKubeClient(connectionOfKubeconfig(FILES.syncerKubeconfig));
  const discovery = parseDiscovery(readFileSync(FILES.discovery, 'utf8'));

  const sectionCache = createReflector<SectionConfigMap>({
    client: host,
    resource: RESOURCES.configMaps,
    query: { namespace: env.namespace, labelSelector: `${LABELS.configOf}=${env.cluster}` },
    logger,
  });
  const sectionLoop = sectionCache.run(stop.signal);
  const sections = await waitForSections(
    sectionCache,
    env.requiredSections,
    (names) => {
      gates.sections.notReady(`waiting for ${names.join(', ')}`);
      logger.warn({ sections: names }, 'required configuration sections are missing: nothing is synced');
    },
    stop.signal,
  );
  gates.sections.ready();
  onSectionChange(sectionCache, sections.texts, (names) => {
    logger.info({ sections: names }, 'the configuration has changed: beginning anew');
    end = 'reconfigured';
    stop.abort(new SubletError('INTERRUPTED', 'the configuration has changed'));
  });

  const { core, ...others } = sections.configuration;
  const patches = createPatches(
    others['custom-resources'].patches,
    () => context,
    logger.child({ component: 'patches' }),
  );
  const context: ClusterContext = {
    cluster: env.cluster,
    hostNamespace: env.namespace,
    names: clusterNames(env.cluster),
    ownerUid: discovery.serviceUid,
    config: core,
    sections: others,
    isUsable: (namespace, named, virtual) => hostNamespaces(namespace, named, virtual),
    ...(await versionOf(host)),
    ...(tenantGoverns({ sections: others }) && { policiesOf: (namespace: string) => policiesIn(namespace) }),
    replicated: env.replicated,
    labelsOfNamespace: (namespace) => caches.virtual.namespaces.get(namespace)?.metadata.labels ?? {},
    ...(patches === undefined ? {} : { patches }),
  };
  const caches = createCaches(virtual, host, context, logger);
  const quota = openQuota(context);
  const sides = createSides(caches, virtual, host, quota);
  const registry = new SideRegistry({ virtual, host }, context, logger, quota);
  adoptSides(registry, sides);
  registry.adopt('virtual', new Side(caches.virtual.namespaces, virtual));
  const hostNamespaces = spansNamespaces(context) ? usable(registry, context) : () => false;
  const policiesIn = tenantGoverns(context) ? openTenantPolicies(registry) : () => [];
  const declared = openDeclarations(registry, context);
  const nodeSources = openNodeSources(registry, context);
  openCertificateKinds(registry, context);
  const certificates = servingCertificates(discovery);
  const brake = metrics.gauge({
    name: 'sublet_deletion_brake',
    help: 'Whether deletions are stopped, because the virtual store looks blank, replaced or restored.',
  });
  const absence = new AbsenceGuard(
    virtual,
    (state) => {
      brake.set(state === undefined ? 0 : 1);
      if (state === undefined) logger.info({}, 'deletions go on: the virtual store is accepted');
      else logger.error({ brake: state }, `deletions are stopped: the virtual store was ${state.kind}`);
    },
    env.replicated ? STORE_LAG_MS : 0,
  );

  const lookup = podLookup(context, sides.pods.virtual, sides.pods.host);
  const frontProxy = readFileSync(`${FILES.pkiDir}/${PKI_FILES.frontProxyCaCert}`, 'utf8');
  const metricsApi = openMetricsApi(
    context,
    { host, caches, lookup, hostNodes: nodeSources.hostNodes },
    { certificates, frontProxy },
    logger.child({ component: 'metrics' }),
  );
  const kubelet = await startKubeletServer({
    pods: lookup,
    host,
    ...(others.nodes.metrics.kubelet && {
      measurements: { showsNode: (node) => showsHost(caches.virtual.nodes.get(node), nodeSources.hostNodes) },
    }),
    logger: logger.child({ component: 'kubelet' }),
    certificates,
  });
  const hostApi = new Set([new URL(host.connection.server).hostname, ...apiOfRange(discovery)]);
  const egress = await startEgressServer({
    facts: egressFacts(caches.host.services, caches.host.pods, context, hostApi),
    kubelet,
    ...(metricsApi && { metrics: metricsApi.server }),
    logger: logger.child({ component: 'egress' }),
  });
  const webhook = await startWebhookServer({
    handlers: {
      services: (review) =>
        admitService(review, {
          context,
          host: serviceHost(sides.services.host),
          now: Date.now,
          dualStack: discovery.serviceCidr.includes(','),
        }),
    },
    certificates,
    logger: logger.child({ component: 'webhook' }),
  });

  const dns = await startDns({
    config: core,
    host: discovery,
    hidesHost: isolatedCluster(context) !== undefined,
    virtual,
    caches: caches.virtual,
    metrics,
    logger: logger.child({ component: 'dns' }),
  });

  try {
    await waitForApi(virtual, logger, stop.signal);
    gates.api.ready();
    const replicas = env.replicated ? watchReplicas(host, env, logger) : undefined;
    const reflectors = [
      ...reflectorsOf(caches),
      ...registry.reflectors,
      ...(dns === undefined ? [] : [dns.slices]),
      ...(replicas === undefined ? [] : [replicas]),
    ];
    const loops = reflectors.map((reflector) => reflector.run(stop.signal));
    await Promise.all(reflectors.map((reflector) => reflector.waitForSync(stop.signal)));
    gates.caches.ready();
    coverNodes(caches.host.services, context, certificates);
    const renewal = startRenewal({ env, host, logger, context, certificates }, stop.signal);
    await runLeaderElection(
      {
        client: host,
        namespace: env.namespace,
        name: context.names.lease,
        identity: env.podName,
        logger,
        annotations: () => {
          const mark = absence.mark;
          return mark === undefined
            ? {}
            : {
                [ANNOTATIONS.clusterUid]: mark.uid,
                [ANNOTATIONS.highestResourceVersion]: mark.resourceVersion,
              };
        },
        onObserved: (lease) => {
          const { annotations = {} } = lease.metadata;
          const leader = holderOf(lease);
          const led = leader !== undefined && leader !== env.podName;
          // Another one does what only one may do. This one serves its pod's API server, and stands by.
          if (led) gates.leading.ready();
          const uid = annotations[ANNOTATIONS.clusterUid];
          const resourceVersion = annotations[ANNOTATIONS.highestResourceVersion];
          const mark = uid === undefined || resourceVersion === undefined ? undefined : { uid, resourceVersion };
          absence.remember(mark, annotations[ANNOTATIONS.acceptStore], led);
        },
        onStartedLeading: (term) =>
          lead(
            {
              env,
              context,
              discovery,
              caches,
              sides,
              registry,
              quota,
              declared,
              nodeSources,
              metricsApi,
              virtual,
              host,
              absence,
              certificates,
              renewal,
              replicas,
              metrics,
              logger,
            },
            () => gates.leading.ready(),
            term,
          ),
      },
      stop.signal,
    );
    await Promise.all([...loops, sectionLoop]);
  } catch (error) {
    if (!isReconfigured(end)) throw error;
  } finally {
    stop.abort(undefined);
    stop.unlink();
    metricsApi?.server.close();
    patches?.close();
    await Promise.all([egress.close(), kubelet.close(), webhook.close(), dns?.close(), health.close()]);
    virtual.close();
    host.close();
  }
  return end;
}

/** The compiler does not see that the end changes while a run waits. */
const isReconfigured = (end: RunEnd): boolean => end === 'reconfigured';

function servingCertificates(discovery: Discovery): ServingCertificates {
  const pki = (file: string): string => readFileSync(`${FILES.pkiDir}/${file}`, 'utf8');
  return createServingCertificates({
    authority: { cert: pki(PKI_FILES.caCert), key: pki(PKI_FILES.caKey) },
    initial: { cert: pki(PKI_FILES.kubeletServingCert), key: pki(PKI_FILES.kubeletServingKey) },
    names: ['localhost', '127.0.0.1', METRICS_SERVICE.serverName, ...discovery.serviceIps],
    now: () => new Date(),
    random: (bytes) => randomBytes(bytes),
  });
}

/** The first address of a service CIDR is that of the API server, by Kubernetes' own convention. */
function apiOfRange({ serviceCidr }: Discovery): readonly string[] {
  return serviceCidr.split(',').flatMap((range) => {
    const [, head, last] = /^(.*\.)(\d+)\/\d+$/.exec(range.trim()) ?? [];
    return head === undefined || last === undefined ? [] : [`${head}${Number(last) + 1}`];
  });
}

/** What the host can do depends on its version. Where it does not say, it counts as old. */
async function versionOf(host: KubeClient): Promise<Pick<ClusterContext, 'hostVersion'>> {
  try {
    const answer = await host.raw('/version');
    const version = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'gitVersion') : undefined;
    return typeof version === 'string' ? { hostVersion: version.replace(/^v/, '') } : {};
  } catch {
    return {};
  }
}

/** What one pod writes to a shared store, kine in another one sees within 250 ms, unless it is busy. */
const STORE_LAG_MS = 2_000;

const API_LOOK_MS = 100;

/** Waits until the virtual API server answers. It has no other way to tell than to be asked. */
async function waitForApi(virtual: KubeClient, logger: Logger, signal: AbortSignal): Promise<void> {
  const started = performance.now();
  for (;;) {
    try {
      await virtual.raw('/readyz', { signal, timeoutMs: 2_000 });
      logger.info({ milliseconds: Math.round(performance.now() - started) }, 'the virtual API server answers');
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, API_LOOK_MS));
    }
  }
}
