import { nodeServiceName } from '../../lib/contract';
import { applyChanges } from '../engine/kind-syncer';
import type { Side } from '../engine/side';
import type { ClusterContext } from '../engine/types';
import { ApiError } from '../kube/api-error';
import type { Cache } from '../kube/types';
import type { Service } from '../services/types';
import { nodeOfService, nodeService, nodeServiceChanges } from './node-service';

/**
 * Keeps the kubelet API's certificate up with the addresses of the nodes that other syncers made, as a syncer that does
 * not lead is asked for logs of all nodes too.
 */
export function coverNodes(
  services: Cache<Service>,
  context: ClusterContext,
  certificates: { setAddresses(addresses: readonly string[]): void },
): void {
  const cover = (): void =>
    certificates.setAddresses(
      services.list().flatMap((service) => (nodeOfService(service, context) === undefined ? [] : addressOf(service))),
    );
  cover();
  services.subscribe((change) => {
    const service = change.kind === 'deleted' ? undefined : change.object;
    if (service !== undefined && nodeOfService(service, context) !== undefined) cover();
  });
}

/** What {@link NodeServices} works with. */
export interface NodeServicesDependencies {
  readonly context: ClusterContext;
  readonly hostServices: Side<Service>;
  /** Told the addresses of all nodes before one gets its first pod: the kubelet API's certificate must cover them. */
  readonly onAddresses: (addresses: readonly string[]) => void;
}

/** Keeps the host Services that give virtual nodes their addresses. */
export class NodeServices {
  constructor(private readonly deps: NodeServicesDependencies) {}

  /** Names of the nodes that have a Service. */
  nodes(): Iterable<string> {
    return this.#byNode().keys();
  }

  /** Passes on the addresses that are there. */
  announce(): void {
    this.deps.onAddresses([...this.#byNode().values()].flatMap(addressOf));
  }

  /** Makes sure that a node has its Service, and returns its address. Somebody else's Service in its place stays as it is. */
  async ensure(node: string): Promise<string> {
    const { context, hostServices } = this.deps;
    const key = `${context.hostNamespace}/${nodeServiceName(context.cluster, node)}`;
    const desired = nodeService(node, context);
    let service = hostServices.get(key);
    if (service === undefined) {
      service = await createOrFetch(hostServices, key, desired);
      const others = [...this.#byNode().values()].flatMap(addressOf);
      this.deps.onAddresses([...new Set([...others, ...addressOf(service)])]);
    }
    const changes = nodeOfService(service, context) === node ? nodeServiceChanges(desired, service) : [];
    return addressOf(await applyChanges(hostServices, key, changes, service))[0] ?? '';
  }

  /** Removes a node's Service. Tells whether there was one. */
  async remove(node: string): Promise<boolean> {
    const { hostServices } = this.deps;
    const { name, namespace, uid } = this.#byNode().get(node)?.metadata ?? {};
    if (uid === undefined) return false;
    await hostServices.delete(`${namespace}/${name}`, { uid });
    return true;
  }

  #byNode(): ReadonlyMap<string, Service> {
    const { hostServices, context } = this.deps;
    const services = new Map<string, Service>();
    for (const service of hostServices.cache.list()) {
      const node = nodeOfService(service, context);
      if (node !== undefined) services.set(node, service);
    }
    return services;
  }
}

async function createOrFetch(side: Side<Service>, key: string, desired: Service): Promise<Service> {
  try {
    return await side.create(desired);
  } catch (error) {
    const existing = isAlreadyExists(error) ? await side.fetch(key) : undefined;
    if (existing === undefined) throw error;
    return existing;
  }
}

function addressOf(service: Service): readonly string[] {
  return service.spec?.clusterIP ? [service.spec.clusterIP] : [];
}

function isAlreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'AlreadyExists';
}
