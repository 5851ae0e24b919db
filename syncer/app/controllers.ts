import { isDeepStrictEqual } from 'node:util';
import { ANNOTATIONS, LABELS } from '../../lib/contract';
import {
  type ConfigMap,
  configChanges,
  type Secret,
  sealedContent,
  toHostConfigMap,
  toHostSecret,
  wantedConfig,
} from '../config';
import type { AbsenceGuard } from '../engine/absence';
import type { ControllerReport } from '../engine/controller';
import { Controller } from '../engine/controller';
import type { OpenedKind } from '../engine/declaration';
import { createRecorder } from '../engine/recorder';
import { ReferenceIndex } from '../engine/references';
import type { ClusterContext } from '../engine/types';
import { type WiredKind, wireKind } from '../engine/wire';
import { EventSync } from '../events/sync';
import { RESOURCES } from '../kube/resources';
import { type KubeClient, type KubeObject, keyOf, type ObjectKey, type Resource } from '../kube/types';
import { nodeOfService } from '../nodes/node-service';
import type { NodeSync } from '../nodes/sync';
import type { Logger } from '../observability/logger';
import { PodCertificates } from '../pods/certificates/pod-certificates';
import { podOfRequest } from '../pods/certificates/request';
import { DNS_SERVICE_KEY } from '../pods/context';
import type { HostClasses } from '../pods/host-classes';
import { podReferences } from '../pods/references';
import { PodSync, trackReferences } from '../pods/sync';
import { usesTrustBundles } from '../pods/trust-bundles';
import type { Pod } from '../pods/types';
import { endpointSliceKind, endpointsKind, serviceKind } from '../services/sync';
import type { Caches } from './caches';
import type { CertificateKinds } from './certificate-kinds';
import { ensureVirtualNamespace } from './declared';
import type { Sides } from './sides';

/** What the controllers are made of. */
export interface ControllerParts {
  readonly context: ClusterContext;
  readonly caches: Caches;
  readonly sides: Sides;
  readonly virtual: KubeClient;
  readonly absence: AbsenceGuard;
  readonly nodeSync: NodeSync;
  /** The kinds that the configuration has switched on. */
  readonly declared: readonly OpenedKind[];
  /** Classes of the host that tenants are shown. */
  readonly hostClasses: HostClasses;
  readonly certificateKinds: CertificateKinds;
  /** ClusterIP of the host Service `<cluster>`. */
  readonly apiServiceIp: string;
  /** Events before this time are not passed on, in milliseconds since 1970. */
  readonly eventsSince: number;
  readonly report: ControllerReport;
  readonly logger: Logger;
  readonly now: () => number;
}

/** The controllers of all kinds, tied together. */
export interface Controllers {
  readonly all: readonly Controller[];
  /** Looks at everything that the caches hold: what changed before the controllers were tied to them is not lost. */
  start(): void;
  /** Looks at everything again, see {@link Controller.patrol}. */
  patrol(): void;
  /** How many keys of the last patrols are still to be looked at. */
  patrolling(): number;
}

/** Makes the controllers of all kinds and ties them to the caches. */
export function createControllers(parts: ControllerParts): Controllers {
  const { context, sides, caches, report, logger, now } = parts;
  const references = new ReferenceIndex();
  // Before any event is looked at: a copy whose pods were not looked at yet must not count as unused.
  for (const pod of caches.virtual.pods.list()) trackReferences(references, keyOf(pod), pod);
  const recorder = createRecorder(
    parts.virtual,
    (error) => logger.debug({ err: error }, 'an event could not be posted'),
    now,
  );
  const common = { context, absence: parts.absence, references, recorder, now };

  const services = wireKind({ ...common, kind: serviceKind(context), ...sides.services }, report);
  const lookup = {
    virtual: (key: ObjectKey) => sides.services.virtual.get(key),
    host: (key: ObjectKey) => sides.services.host.get(key),
  };
  const endpoints = wireKind({ ...common, kind: endpointsKind(context, lookup), ...sides.endpoints }, report);
  const slices = wireKind({ ...common, kind: endpointSliceKind(context, lookup), ...sides.endpointSlices }, report);
  const configMaps = wireKind(
    {
      ...common,
      kind: {
        resource: RESOURCES.configMaps,
        trigger: 'referenced',
        wants: wantedConfig(context.sections.sync.toHost.configMaps),
        translate: (virtual: ConfigMap) => toHostConfigMap(virtual, context),
        sealed: sealedContent,
        changes: configChanges,
      },
      ...sides.configMaps,
    },
    report,
  );
  const secrets = wireKind(
    {
      ...common,
      kind: {
        resource: RESOURCES.secrets,
        trigger: 'referenced',
        wants: wantedConfig(context.sections.sync.toHost.secrets),
        translate: (virtual: Secret) => toHostSecret(virtual, context),
        sealed: sealedContent,
        changes: configChanges,
      },
      ...sides.secrets,
    },
    report,
  );
  const nodes = new Controller({
    name: 'nodes',
    report,
    reconcile: (name) => parts.nodeSync.reconcile(name),
    workers: 4,
  });
  const eventSync = new EventSync({
    context,
    hostEvents: caches.host.events,
    virtual: parts.virtual,
    since: parts.eventsSince,
    sources: [
      { resource: RESOURCES.pods, ...sides.pods, mentions: (key) => namesUsedBy(sides.pods.virtual.get(key)) },
      { resource: RESOURCES.services, ...sides.services },
      ...parts.declared.flatMap(({ events }) => events ?? []),
    ],
  });
  const events = new Controller({ name: 'events', report, reconcile: (key) => eventSync.reconcile(key), workers: 4 });
  caches.host.events.subscribe((change) => {
    if (change.kind !== 'deleted') events.enqueue(keyOf(change.object));
  });
  const pods = podController(parts, { references, recorder, configMaps, secrets });

  tieEndpoints(caches, endpoints, slices);
  tiePods(caches, pods);
  tieCertificates(caches, parts.certificateKinds, pods.controller);
  tieNodes(caches, context, nodes);
  parts.nodeSync.follow((name) => nodes.enqueue(name));

  const ensureNamespace = (name: string) => ensureVirtualNamespace(parts.virtual, caches.virtual.namespaces, name);
  const declared = parts.declared.map((kind) => kind.wire({ context, report, common, recorder, ensureNamespace }));
  const kinds: readonly WiredKind[] = [services, endpoints, slices, configMaps, secrets, ...declared];
  tieNamespaceLabels(caches, pods, kinds, context.sections.sync.namespaceLabels.alsoOn.length);
  const all = [...kinds.map(({ controller }) => controller), nodes, events, pods.controller];
  return {
    all,
    patrolling: () => all.reduce((sum, controller) => sum + controller.patrolling, 0),
    start() {
      for (const { controller, keys } of kinds) for (const key of keys()) controller.enqueue(key);
      for (const name of parts.nodeSync.known()) nodes.enqueue(name);
      for (const event of caches.host.events.list()) events.enqueue(keyOf(event));
      for (const key of podKeys(caches, pods.sync)) pods.controller.enqueue(key);
    },
    patrol() {
      for (const { controller, keys } of kinds) controller.patrol(keys());
      nodes.patrol(parts.nodeSync.known());
      pods.controller.patrol(podKeys(caches, pods.sync));
    },
  };
}

interface PodParts {
  readonly references: ReferenceIndex;
  readonly recorder: ReturnType<typeof createRecorder>;
  readonly configMaps: WiredKind;
  readonly secrets: WiredKind;
}

interface PodController {
  readonly controller: Controller;
  readonly sync: PodSync;
}

function podController(parts: ControllerParts, { references, recorder, configMaps, secrets }: PodParts): PodController {
  const { context, sides, caches, absence, nodeSync, report, virtual, now } = parts;
  const sync: PodSync = new PodSync({
    context,
    virtual: sides.pods.virtual,
    host: sides.pods.host,
    absence,
    references,
    recorder,
    surroundings: {
      context,
      apiServiceIp: parts.apiServiceIp,
      services: caches.virtual.services,
      namespaces: caches.virtual.namespaces,
      nodes: caches.virtual.nodes,
      hostClasses: parts.hostClasses,
      trustBundles: parts.certificateKinds.trustBundles,
    },
    tokens: { virtual, hostSecrets: sides.secrets.host, context, now },
    certificates: new PodCertificates({
      virtual,
      hostSecrets: sides.secrets.host,
      nodes: caches.virtual.nodes,
      requests: parts.certificateKinds.requests,
      now,
      refused: (pod, message) => recorder.warn(RESOURCES.pods, pod, 'CertificateRefused', message),
      again: (key, milliseconds) => controller.enqueueAfter(key, milliseconds),
    }),
    async ensureReferenced(resource: Resource, key: ObjectKey, signal: AbortSignal) {
      if (resource === RESOURCES.configMaps) await ensure(configMaps, caches.virtual.configMaps.get(key), key, signal);
      if (resource === RESOURCES.secrets) await ensure(secrets, caches.virtual.secrets.get(key), key, signal);
    },
    ensureNode: (name) => nodeSync.ensure(name),
    again: (key, milliseconds) => controller.enqueueAfter(key, milliseconds),
  });
  const controller: Controller = new Controller({
    name: 'pods',
    report,
    reconcile: (key, signal) => sync.reconcile(key, signal),
    workers: 20,
  });
  return { controller, sync };
}

async function ensure(
  kind: WiredKind,
  known: KubeObject | undefined,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<void> {
  if (known !== undefined) await kind.reconcileNow(key, signal);
}

/** Endpoints are copied or not depending on their Service. */
function tieEndpoints(caches: Caches, endpoints: WiredKind, slices: WiredKind): void {
  caches.virtual.services.subscribe((change) => {
    const key = keyOf(change.kind === 'deleted' ? change.previous : change.object);
    if (caches.virtual.endpoints.get(key) !== undefined) endpoints.controller.enqueue(key);
    for (const sliceKey of slices.keys()) slices.controller.enqueue(sliceKey);
  });
}

function tiePods(caches: Caches, { controller, sync }: PodController): void {
  caches.virtual.pods.subscribe((change) =>
    controller.enqueue(keyOf(change.kind === 'deleted' ? change.previous : change.object)),
  );
  caches.host.pods.subscribe((change) => {
    const key = sync.virtualKeyOf(change.kind === 'deleted' ? change.previous : change.object);
    if (key !== undefined) controller.enqueue(key);
  });
  caches.host.secrets.subscribe((change) => {
    const key = podOfTokens(change.kind === 'deleted' ? change.previous : change.object);
    if (key !== undefined && (change.kind === 'deleted' || caches.virtual.pods.get(key) === undefined)) {
      controller.enqueue(key);
    }
  });
  // A pod may wait for the cluster's DNS, for its namespace's labels or for the node that it names.
  caches.virtual.services.subscribe((change) => {
    if (keyOf(change.kind === 'deleted' ? change.previous : change.object) === DNS_SERVICE_KEY) controller.wake();
  });
  caches.virtual.nodes.subscribe(() => controller.wake());
  caches.virtual.namespaces.subscribe(() => controller.wake());
}

/** Pods follow the trust bundles that they select, and what the tenant's signers answer. */
function tieCertificates(caches: Caches, { trustBundles, requests }: CertificateKinds, pods: Controller): void {
  trustBundles.subscribe(() => {
    for (const pod of caches.virtual.pods.list()) if (usesTrustBundles(pod)) pods.enqueue(keyOf(pod));
  });
  requests.subscribe((change) => {
    pods.enqueue(podOfRequest(change.kind === 'deleted' ? change.previous : change.object));
  });
}

/** What carries the labels of its namespace follows when these change. */
function tieNamespaceLabels(caches: Caches, pods: PodController, kinds: readonly WiredKind[], alsoOn: number): void {
  caches.virtual.namespaces.subscribe((change) => {
    if (change.kind !== 'modified') return;
    const { name = '', labels } = change.object.metadata;
    if (isDeepStrictEqual(labels, change.previous.metadata.labels)) return;
    const isIn = (key: ObjectKey) => key.startsWith(`${name}/`);
    for (const pod of caches.virtual.pods.list()) {
      if (pod.metadata.namespace === name) pods.controller.enqueue(keyOf(pod));
    }
    if (alsoOn === 0) return;
    for (const { controller, keys } of kinds) for (const key of keys()) if (isIn(key)) controller.enqueue(key);
  });
}

function podOfTokens(secret: KubeObject): ObjectKey | undefined {
  const pod = secret.metadata.annotations?.[ANNOTATIONS.tokenOf];
  const namespace = secret.metadata.labels?.[LABELS.namespace];
  return pod === undefined || namespace === undefined ? undefined : `${namespace}/${pod}`;
}

/** A node follows the pods on it; its own object may have been changed or deleted by the tenant. */
function tieNodes(caches: Caches, context: ClusterContext, nodes: Controller): void {
  caches.host.services.subscribe((change) => {
    const node = nodeOfService(change.kind === 'deleted' ? change.previous : change.object, context);
    if (node !== undefined) nodes.enqueue(node);
  });
  for (const pods of [caches.virtual.pods, caches.host.pods]) {
    pods.subscribe((change) => {
      const object = change.kind === 'deleted' ? change.previous : change.object;
      const node = object.spec.nodeName;
      if (node && (change.kind !== 'modified' || readyOf(change.previous) !== readyOf(object))) nodes.enqueue(node);
    });
  }
  caches.virtual.nodes.subscribe((change) =>
    nodes.enqueue(keyOf(change.kind === 'deleted' ? change.previous : change.object)),
  );
}

function namesUsedBy(pod: Pod | undefined): readonly string[] {
  return pod === undefined ? [] : podReferences(pod).map(({ name }) => name);
}

function readyOf(pod: {
  readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
}): string {
  const conditions = pod.status?.conditions ?? [];
  return conditions.map(({ type, status }) => `${type}=${status}`).join();
}

function* podKeys(caches: Caches, sync: PodSync): Iterable<ObjectKey> {
  for (const pod of caches.virtual.pods.list()) yield keyOf(pod);
  for (const pod of caches.host.pods.list()) {
    const key = sync.virtualKeyOf(pod);
    if (key !== undefined && caches.virtual.pods.get(key) === undefined) yield key;
  }
}
