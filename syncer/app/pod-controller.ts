import { ANNOTATIONS, LABELS } from '../../lib/contract';
import { Controller } from '../engine/controller';
import { endTurn } from '../engine/host-gate';
import type { Recorder } from '../engine/recorder';
import type { ReferenceIndex } from '../engine/references';
import type { WiredKind } from '../engine/wire';
import { RESOURCES } from '../kube/resources';
import { type KubeObject, keyOf, type ObjectKey, type Resource } from '../kube/types';
import { PodCertificates } from '../pods/certificates/pod-certificates';
import { podOfRequest } from '../pods/certificates/request';
import { DNS_SERVICE_KEY } from '../pods/context';
import { PodSync } from '../pods/sync';
import { usesTrustBundles } from '../pods/trust-bundles';
import type { Caches } from './caches';
import type { CertificateKinds } from './certificate-kinds';
import type { ControllerParts } from './controllers';

/** What the controller of pods shares with those of other kinds. */
export interface PodParts {
  readonly references: ReferenceIndex;
  readonly recorder: Recorder;
  readonly configMaps: WiredKind;
  readonly secrets: WiredKind;
}

/** The controller of pods, and what it carries out. */
export interface PodController {
  readonly controller: Controller;
  readonly sync: PodSync;
}

/** Makes the controller of pods. */
export function podController(
  parts: ControllerParts,
  { references, recorder, configMaps, secrets }: PodParts,
): PodController {
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
    reconcile: async (key, signal) => endTurn(sides.pods.host, key, await sync.reconcile(key, signal)),
    workers: 20,
  });
  sides.pods.host.gate?.onRoom(RESOURCES.pods, (key) => controller.enqueue(key));
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

/** Pods follow both their sides, their token Secrets, and what they may wait for. */
export function tiePods(caches: Caches, { controller, sync }: PodController): void {
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
export function tieCertificates(caches: Caches, { trustBundles, requests }: CertificateKinds, pods: Controller): void {
  trustBundles.subscribe(() => {
    for (const pod of caches.virtual.pods.list()) if (usesTrustBundles(pod)) pods.enqueue(keyOf(pod));
  });
  requests.subscribe((change) => {
    pods.enqueue(podOfRequest(change.kind === 'deleted' ? change.previous : change.object));
  });
}

/** Keys of all pods that either side knows. */
export function* podKeys(caches: Caches, sync: PodSync): Iterable<ObjectKey> {
  for (const pod of caches.virtual.pods.list()) yield keyOf(pod);
  for (const pod of caches.host.pods.list()) {
    const key = sync.virtualKeyOf(pod);
    if (key !== undefined && caches.virtual.pods.get(key) === undefined) yield key;
  }
}

function podOfTokens(secret: KubeObject): ObjectKey | undefined {
  const pod = secret.metadata.annotations?.[ANNOTATIONS.tokenOf];
  const namespace = secret.metadata.labels?.[LABELS.namespace];
  return pod === undefined || namespace === undefined ? undefined : `${namespace}/${pod}`;
}
