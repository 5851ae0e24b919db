import { nodeServiceName } from '../../lib/contract';
import type { Outcome } from '../engine/kind';
import { applyChanges } from '../engine/kind-syncer';
import { ownership } from '../engine/ownership';
import type { Side } from '../engine/side';
import type { ClusterContext } from '../engine/types';
import { ApiError } from '../kube/api-error';
import type { Cache } from '../kube/types';
import { lostItsNode } from '../pods/node-loss';
import type { Pod } from '../pods/types';
import type { Service } from '../services/types';
import { fakeNode, fakeNodeChanges, isFakeNode } from './fake-node';
import { architectureOf } from './fake-node-status';
import { nodeOfService, nodeService, nodeServiceChanges } from './node-service';
import type { Node } from './types';
import { nodeReadiness, nodesInUse } from './usage';

/** What {@link NodeSync} works with. */
export interface NodeSyncDependencies {
  readonly context: ClusterContext;
  readonly hostServices: Side<Service>;
  readonly nodes: Side<Node>;
  /** Pods of the two sides, indexed by the node that they are bound to; `podIndex` is the index's name. */
  readonly virtualPods: Cache<Pod>;
  readonly hostPods: Cache<Pod>;
  readonly podIndex: string;
  /** Told the addresses of all nodes before one gets its first pod: the kubelet API's certificate must cover them. */
  readonly onAddresses: (addresses: readonly string[]) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Keeps the virtual nodes: one for each host node that runs a pod of this cluster, under the host node's name, at the
 * address of a host Service that leads to the syncer's kubelet API.
 */
export class NodeSync {
  readonly #underWay = new Map<string, Promise<Outcome>>();

  constructor(private readonly deps: NodeSyncDependencies) {}

  /** Names of all nodes that have a Service on the host or an object in the virtual cluster. */
  known(): ReadonlySet<string> {
    const names = this.deps.nodes.cache.list().map((node) => node.metadata.name ?? '');
    return new Set([...names, ...this.#services().keys()]);
  }

  /** Passes on the addresses of the nodes that an earlier syncer left. Called once the caches are filled. */
  announce(): void {
    this.deps.onAddresses([...this.#services().values()].flatMap(addressOf));
  }

  /** Makes sure that a node exists before a pod is bound to it. */
  async ensure(name: string): Promise<void> {
    if (this.deps.nodes.get(name) === undefined) await this.#bringOnce(name);
  }

  /** Brings one node in line with the pods on it: it is there while they are, and ready unless they show its loss. */
  async reconcile(name: string): Promise<Outcome> {
    await this.#underWay.get(name);
    return this.#inUse(name) ? this.#bringOnce(name) : this.#remove(name);
  }

  /** Whether pods need the node: those bound to it, and those that the host has placed there and that will be bound. */
  #inUse(name: string): boolean {
    const { virtualPods, hostPods, podIndex, context } = this.deps;
    if (nodesInUse(virtualPods.byIndex(podIndex, name)).size > 0) return true;
    return hostPods.byIndex(podIndex, name).some((pod) => {
      const owner = ownership(pod, context);
      const virtual = owner.kind === 'ours' ? virtualPods.get(owner.key) : undefined;
      return virtual !== undefined && !virtual.spec.nodeName;
    });
  }

  /** Two pods that come to a new node at the same time wait for the same work. */
  #bringOnce(name: string): Promise<Outcome> {
    const running = this.#underWay.get(name);
    if (running !== undefined) return running;
    const work = this.#bring(name).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, work);
    return work;
  }

  async #bring(name: string): Promise<Outcome> {
    const { nodes, context, hostPods, podIndex, now } = this.deps;
    const current = nodes.get(name);
    if (current !== undefined && !isFakeNode(current)) return { kind: 'unchanged' };
    const service = await this.#ensureService(name);
    const facts = {
      address: addressOf(service)[0] ?? '',
      kubernetesVersion: context.config.kubernetesVersion,
      architecture: architectureOf(process.arch),
      ready: nodeReadiness(hostPods.byIndex(podIndex, name), lostItsNode).kind === 'ready',
      now: now(),
    };
    const desired = fakeNode(name, facts, current);
    const node = current ?? (await this.#create(name, desired));
    const changes = fakeNodeChanges(desired, node);
    await applyChanges(nodes, name, changes, node);
    return { kind: current === undefined ? 'created' : changes.length > 0 ? 'patched' : 'unchanged' };
  }

  async #create(name: string, desired: Node): Promise<Node> {
    const { nodes } = this.deps;
    try {
      return await nodes.create(desired);
    } catch (error) {
      const existing = isAlreadyExists(error) ? await nodes.fetch(name) : undefined;
      if (existing === undefined) throw error;
      return existing;
    }
  }

  async #ensureService(name: string): Promise<Service> {
    const { context, hostServices } = this.deps;
    const key = `${context.hostNamespace}/${nodeServiceName(context.cluster, name)}`;
    const desired = nodeService(name, context);
    let service = hostServices.get(key);
    if (service === undefined) {
      try {
        service = await hostServices.create(desired);
      } catch (error) {
        service = isAlreadyExists(error) ? await hostServices.fetch(key) : undefined;
        if (service === undefined) throw error;
      }
      const others = [...this.#services().values()].flatMap(addressOf);
      this.deps.onAddresses([...new Set([...others, ...addressOf(service)])]);
    }
    if (nodeOfService(service, context) !== name) return service;
    return applyChanges(hostServices, key, nodeServiceChanges(desired, service), service);
  }

  async #remove(name: string): Promise<Outcome> {
    const { nodes, hostServices, context } = this.deps;
    const node = nodes.get(name);
    const service = this.#services().get(name);
    if (node?.metadata.uid !== undefined && isFakeNode(node)) await nodes.delete(name, { uid: node.metadata.uid });
    if (service?.metadata.uid !== undefined) {
      const key = `${context.hostNamespace}/${service.metadata.name}`;
      await hostServices.delete(key, { uid: service.metadata.uid });
    }
    return { kind: node === undefined && service === undefined ? 'unchanged' : 'deleted' };
  }

  #services(): ReadonlyMap<string, Service> {
    const { hostServices, context } = this.deps;
    const services = new Map<string, Service>();
    for (const service of hostServices.cache.list()) {
      const node = nodeOfService(service, context);
      if (node !== undefined) services.set(node, service);
    }
    return services;
  }
}

function addressOf(service: Service): readonly string[] {
  return service.spec?.clusterIP ? [service.spec.clusterIP] : [];
}

function isAlreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'AlreadyExists';
}
