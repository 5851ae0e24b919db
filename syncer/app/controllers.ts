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
import { type Cache, type KubeClient, keyOf, type ObjectKey } from '../kube/types';
import type { GoverningPolicy } from '../network/isolation/governed';
import { isolatedCluster } from '../network/isolation/isolated';
import type { NodeSync } from '../nodes/sync';
import type { Logger } from '../observability/logger';
import type { HostClasses } from '../pods/host-classes';
import { podReferences } from '../pods/references';
import { trackReferences } from '../pods/sync';
import type { Pod } from '../pods/types';
import { endpointSliceKind, endpointsKind, serviceKind } from '../services/sync';
import type { Caches } from './caches';
import type { CertificateKinds } from './certificate-kinds';
import { ensureVirtualNamespace } from './declared';
import { BY_ADDRESS } from './egress-facts';
import { podController, podKeys, tieCertificates, tiePods } from './pod-controller';
import type { Sides } from './sides';
import { tieEndpointAddresses, tieEndpoints, tieNamespaceLabels, tieNodes, tieTenantPolicies } from './ties';

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
  /** The tenant's network policies, where they decide about pods on the host. @default they don't */
  readonly tenantPolicies?: Cache<GoverningPolicy>;
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

  const lookup = {
    virtual: (key: ObjectKey) => sides.services.virtual.get(key),
    host: (key: ObjectKey) => sides.services.host.get(key),
    isOwnPod: (address: string) => caches.host.pods.byIndex(BY_ADDRESS, address).length > 0,
  };
  const services = wireKind({ ...common, kind: serviceKind(context, lookup.host), ...sides.services }, report);
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
  if (parts.tenantPolicies !== undefined) tieTenantPolicies(caches, parts.tenantPolicies, pods.controller);
  if (isolatedCluster(context) !== undefined) tieEndpointAddresses(caches, endpoints.controller, slices.controller);

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

function namesUsedBy(pod: Pod | undefined): readonly string[] {
  return pod === undefined ? [] : podReferences(pod).map(({ name }) => name);
}
