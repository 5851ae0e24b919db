import { ANNOTATIONS, LABELS, type MappedService } from '../../../lib/contract';
import { Controller } from '../../engine/controller';
import type { Declaration, DeclarationSource, DeclaredParts } from '../../engine/declaration';
import { isImported } from '../../engine/import-syncer';
import { ownerReference } from '../../engine/metadata';
import { clusterScopedMarker, hostKeyOf } from '../../engine/placement';
import type { Side } from '../../engine/side';
import type { SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import type { Cache, KubeObject, ObjectKey } from '../../kube/types';
import { keyOf } from '../../kube/types';
import type { EndpointSlice, Service } from '../types';
import { type MirrorTarget, SERVICE_NAME } from './mirror';
import { type Mirror, type MirrorSource, reconcileMirror } from './mirror-sync';

/** The Services that the declaration maps by name, a kind for each direction. */
export const SERVICE_MAPPINGS: DeclarationSource = ({ sections: { services } }) => [
  ...services.toHost.map((mapping) => mapped('to-host', mapping, toHostMirror)),
  ...services.fromHost.map((mapping) => mapped('from-host', mapping, fromHostMirror)),
];

/** The parts of a mirror that are known before the syncer leads. */
type OpenMirror = (parts: DeclaredParts) => {
  readonly mirror: Mirror;
  /** Where changes come from, each with whether an object concerns this mapping. */
  readonly ties: readonly Tie[];
};

interface Tie {
  subscribe(enqueue: () => void): void;
}

type Opener = (mapping: MappedService, sides: SideRegistry, context: ClusterContext) => OpenMirror;

function mapped(direction: 'to-host' | 'from-host', mapping: MappedService, open: Opener): Declaration {
  const { virtual } = mapping;
  const name = `service-${direction}`;
  const key: ObjectKey = `${virtual.namespace}/${virtual.name}`;
  return {
    name,
    enabled: () => true,
    open(sides, context) {
      const opened = open(mapping, sides, context);
      return {
        watched: [],
        wire(parts) {
          const { mirror, ties } = opened(parts);
          const controller = new Controller({
            name,
            report: parts.report,
            workers: 1,
            reconcile: (_, signal) => reconcileMirror(mirror, signal),
          });
          for (const tie of ties) tie.subscribe(() => controller.enqueue(key));
          return {
            controller,
            keys: () => [key],
            async reconcileNow(_, signal) {
              await reconcileMirror(mirror, signal);
            },
          };
        },
      };
    },
  };
}

/** A Service of the virtual cluster, known on the host under a given name. */
function toHostMirror({ virtual, host }: MappedService, sides: SideRegistry, context: ClusterContext): OpenMirror {
  const namespace = host.namespace ?? context.hostNamespace;
  const key: ObjectKey = `${virtual.namespace}/${virtual.name}`;
  const sources = sides.virtual<Service>(RESOURCES.services);
  const copies = sides.host<Service>(RESOURCES.services);
  // The host's own controller gives the slices of a Service the Service's labels, so that this watch sees them.
  const slices = sides.host<EndpointSlice>(RESOURCES.endpointSlices);
  const ours = { labelSelector: `${MAPPED}=${clusterScopedMarker(context)}` };
  const targets = sides.foreign<Service>(RESOURCES.services, ours, namespace);
  const targetSlices = sides.foreign<EndpointSlice>(RESOURCES.endpointSlices, ours, namespace);
  const copyKey = hostKeyOf(key, context);
  const isOurs = ({ metadata: { labels = {}, annotations = {} } }: KubeObject) =>
    labels[MAPPED] === clusterScopedMarker(context) &&
    annotations[ANNOTATIONS.ownerUid] === context.ownerUid &&
    annotations[ANNOTATIONS.objectName] === virtual.name &&
    annotations[ANNOTATIONS.objectNamespace] === virtual.namespace;
  const targetKey = `${namespace}/${host.name}`;
  return ({ common, recorder }) => ({
    ties: [
      tie(sources.cache, key),
      tie(copies.cache, copyKey),
      tie(targets.cache, targetKey),
      ...sliceTies(slices, copyKey),
      ...sliceTies(targetSlices, targetKey),
    ],
    mirror: {
      targetKey,
      services: targets,
      slices: targetSlices,
      isOurs,
      prepare: async () => {},
      async source(signal): Promise<MirrorSource> {
        const service = sources.get(key);
        if (service !== undefined) {
          // On the host an alias would lead whoever follows it wherever the tenant likes.
          if (service.spec?.type === 'ExternalName') {
            recorder.warn(RESOURCES.services, service, 'NotMapped', EXTERNAL_NAME);
            return { kind: 'gone' };
          }
          return { kind: 'found', service, slices: slicesOf(slices.cache, copyKey) };
        }
        const uid = targets.get(targetKey)?.metadata.annotations?.[ANNOTATIONS.objectUid];
        return (await common.absence.isGone(sources.cache, key, uid, signal))
          ? { kind: 'gone' }
          : { kind: 'unconfirmed' };
      },
      target: (source) => standIn({ virtual, host }, source, context),
      taken(_existing, source) {
        recorder.warn(RESOURCES.services, source, 'NameTaken', TAKEN_ON_HOST);
      },
    },
  });
}

/** Where the host's Service lies that stands for a virtual one under a given name, and its marks. */
export function standIn({ virtual, host }: MappedService, source: KubeObject, context: ClusterContext): MirrorTarget {
  const namespace = host.namespace ?? context.hostNamespace;
  return {
    forTenants: false,
    metadata: {
      namespace,
      name: host.name,
      labels: { [MAPPED]: clusterScopedMarker(context) },
      annotations: {
        [ANNOTATIONS.ownerUid]: context.ownerUid,
        [ANNOTATIONS.objectName]: virtual.name,
        [ANNOTATIONS.objectNamespace]: virtual.namespace,
        [ANNOTATIONS.objectUid]: source.metadata.uid ?? '',
      },
      ...(namespace === context.hostNamespace && { ownerReferences: [ownerReference(context)] }),
    },
  };
}

/** A Service of the host, known in the virtual cluster under a given name. */
function fromHostMirror({ virtual, host }: MappedService, sides: SideRegistry, context: ClusterContext): OpenMirror {
  const namespace = host.namespace ?? context.hostNamespace;
  const sourceKey = `${namespace}/${host.name}`;
  const targetKey: ObjectKey = `${virtual.namespace}/${virtual.name}`;
  const sources = sides.foreign<Service>(RESOURCES.services, {}, namespace);
  const slices = sides.foreign<EndpointSlice>(RESOURCES.endpointSlices, {}, namespace);
  const targets = sides.virtual<Service>(RESOURCES.services);
  const targetSlices = sides.virtual<EndpointSlice>(RESOURCES.endpointSlices);
  return ({ recorder, ensureNamespace }) => ({
    ties: [
      tie(sources.cache, sourceKey),
      tie(targets.cache, targetKey),
      ...sliceTies(slices, sourceKey),
      ...sliceTies(targetSlices, targetKey),
    ],
    mirror: {
      targetKey,
      services: targets,
      slices: targetSlices,
      isOurs: isImported,
      prepare: () => ensureNamespace(virtual.namespace),
      async source(signal): Promise<MirrorSource> {
        const service = sources.get(sourceKey);
        if (service !== undefined) return { kind: 'found', service, slices: slicesOf(slices.cache, sourceKey) };
        if (!sources.cache.synced) return { kind: 'unconfirmed' };
        const found = await sources.fetch(sourceKey, { signal });
        return found === undefined ? { kind: 'gone' } : { kind: 'unconfirmed' };
      },
      target: (source) => ({
        forTenants: true,
        metadata: {
          ...virtual,
          labels: { [LABELS.imported]: 'true' },
          annotations: { [ANNOTATIONS.importedUid]: source.metadata.uid ?? '' },
        },
      }),
      taken(existing) {
        recorder.warn(RESOURCES.services, existing, 'NameTaken', TAKEN_IN_CLUSTER);
      },
    },
  });
}

/** On Services and slices that stand on the host for one of the virtual cluster: its host namespace and name. */
const MAPPED = LABELS.mappedFrom;

const EXTERNAL_NAME = 'This Service is mapped to the host cluster, which does not take Services of type ExternalName.';
const TAKEN_ON_HOST = 'The host cluster has another Service under the name that this one is mapped to.';
const TAKEN_IN_CLUSTER = 'A Service of the host cluster is mapped to this name. Rename or delete this one.';

function slicesOf(cache: Cache<EndpointSlice>, service: ObjectKey): readonly EndpointSlice[] {
  return cache.list().filter((slice) => serviceKeyOf(slice) === service);
}

function serviceKeyOf({ metadata: { namespace, labels = {} } }: KubeObject): ObjectKey {
  return `${namespace}/${labels[SERVICE_NAME]}`;
}

function tie<T extends KubeObject>(cache: Cache<T>, key: ObjectKey, keyIn: (object: T) => ObjectKey = keyOf): Tie {
  return {
    subscribe(enqueue) {
      cache.subscribe((change) => {
        if (keyIn(change.kind === 'deleted' ? change.previous : change.object) === key) enqueue();
      });
    },
  };
}

function sliceTies(slices: Side<EndpointSlice>, service: ObjectKey): readonly Tie[] {
  return [tie(slices.cache, service, serviceKeyOf)];
}
