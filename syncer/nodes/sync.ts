import type { Outcome } from '../engine/kind';
import { applyChanges } from '../engine/kind-syncer';
import { ownership } from '../engine/ownership';
import type { Recorder } from '../engine/recorder';
import type { Side } from '../engine/side';
import { ApiError } from '../kube/api-error';
import type { Cache } from '../kube/types';
import { lostItsNode } from '../pods/node-loss';
import type { Pod } from '../pods/types';
import { fakeNode } from './fake-node';
import { architectureOf } from './fake-node-status';
import { isOwnNode, nodeChanges } from './node-changes';
import { NodeServices, type NodeServicesDependencies } from './node-services';
import { realNode } from './real-node';
import type { NodeSources } from './sources';
import { nodeToHost } from './to-host';
import type { Node } from './types';
import { nodeReadiness, nodesInUse } from './usage';
import { type WantedNode, wantedNode } from './wanted-node';

/** What {@link NodeSync} works with. */
export interface NodeSyncDependencies extends NodeServicesDependencies {
  readonly nodes: Side<Node>;
  readonly sources: NodeSources;
  /** Pods of the two sides, indexed by the node that they are bound to; `podIndex` is the index's name. */
  readonly virtualPods: Cache<Pod>;
  readonly hostPods: Cache<Pod>;
  readonly podIndex: string;
  readonly recorder: Recorder;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Keeps the virtual nodes, under the host nodes' names, each at the address of a host Service that leads to the
 * syncer's kubelet API. Which there are, and whether they show the host's nodes, is the configuration's choice.
 */
export class NodeSync {
  readonly #underWay = new Map<string, Promise<Outcome>>();
  readonly #services: NodeServices;

  constructor(private readonly deps: NodeSyncDependencies) {
    this.#services = new NodeServices(deps);
  }

  /** Names of all nodes that have a Service on the host or an object in the virtual cluster, or may get one. */
  known(): ReadonlySet<string> {
    const { nodes, sources, context } = this.deps;
    const names = nodes.cache.list().map(nameOf);
    const { mode } = context.sections.nodes;
    const always = mode === 'all' || mode === 'selected' ? (sources.hostNodes?.cache.list() ?? []) : [];
    return new Set([...names, ...always.map(nameOf), ...this.#services.nodes()]);
  }

  /** Calls back with each node whose facts on the host have changed. */
  follow(changed: (name: string) => void): void {
    const { sources, nodes, context } = this.deps;
    const { mode } = context.sections.nodes;
    const always = mode === 'all' || mode === 'selected';
    sources.subscribe((name) => {
      if (always || nodes.get(name) !== undefined) changed(name);
    });
  }

  /** Passes on the addresses of the nodes that an earlier syncer left. Called once the caches are filled. */
  announce(): void {
    this.#services.announce();
  }

  /** Makes sure that a node exists before a pod is bound to it. */
  async ensure(name: string): Promise<void> {
    if (this.deps.nodes.get(name) !== undefined) return;
    const wanted = wantedNode(this.deps.context.sections.nodes, await this.#hostNode(name), true);
    if (wanted.kind !== 'none') await this.#bringOnce(name, wanted);
  }

  /** Brings one node in line with the host's node and with the pods on it. */
  async reconcile(name: string): Promise<Outcome> {
    await this.#underWay.get(name);
    const wanted = wantedNode(this.deps.context.sections.nodes, await this.#hostNode(name), this.#inUse(name));
    return wanted.kind === 'none' ? this.#remove(name) : this.#bringOnce(name, wanted);
  }

  /** The host's node: what is not in the cache is asked for, so that a node only goes when the host says that it did. */
  async #hostNode(name: string): Promise<Node | undefined> {
    const { hostNodes } = this.deps.sources;
    return hostNodes === undefined ? undefined : (hostNodes.get(name) ?? (await hostNodes.fetch(name)));
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
  #bringOnce(name: string, wanted: Present): Promise<Outcome> {
    const running = this.#underWay.get(name);
    if (running !== undefined) return running;
    const work = this.#bring(name, wanted).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, work);
    return work;
  }

  async #bring(name: string, wanted: Present): Promise<Outcome> {
    const { nodes, recorder } = this.deps;
    const current = nodes.get(name);
    if (current !== undefined && !isOwnNode(current)) {
      if (wanted.kind === 'real') recorder.warn(nodes.resource, current, 'NameTaken', TAKEN);
      return { kind: 'unchanged' };
    }
    const address = await this.#services.ensure(name);
    const desired = this.#desired(name, wanted, address, current);
    const node = current ?? (await this.#create(name, desired));
    const changes = isOwnNode(node) ? nodeChanges(desired, node) : [];
    const latest = await applyChanges(nodes, name, changes, node);
    const wrote = wanted.kind === 'real' && (await this.#toHost(latest, wanted.host));
    return { kind: current === undefined ? 'created' : changes.length > 0 || wrote ? 'patched' : 'unchanged' };
  }

  #desired(name: string, wanted: Present, address: string, current: Node | undefined): Node {
    const { context, sources, hostPods, podIndex, now } = this.deps;
    const section = context.sections.nodes;
    const { kubernetesVersion } = context.config;
    if (wanted.kind === 'real' && section.mode !== 'fake') {
      const facts = { address, kubernetesVersion, othersUse: sources.othersUse(name) };
      return realNode(wanted.host, section, facts, current);
    }
    const gone = wanted.kind === 'fake' && wanted.gone;
    const ready = !gone && nodeReadiness(hostPods.byIndex(podIndex, name), lostItsNode).kind === 'ready';
    const facts = { address, kubernetesVersion, architecture: architectureOf(process.arch), ready, now: now() };
    return fakeNode(name, facts, current);
  }

  /** What the tenant may write to the host's node. Tells whether there was anything to write. */
  async #toHost(virtual: Node, host: Node): Promise<boolean> {
    const { context, sources, nodes, recorder } = this.deps;
    const section = context.sections.nodes;
    if (sources.hostNodes === undefined || section.mode === 'fake' || writesNothing(section.toHost)) return false;
    const { changes, taken } = nodeToHost(virtual, host, section, context);
    for (const key of taken) recorder.warn(nodes.resource, virtual, 'KeyTaken', takenKey(key));
    await applyChanges(sources.hostNodes, nameOf(host), changes, host);
    return changes.length > 0;
  }

  async #create(name: string, desired: Node): Promise<Node> {
    const { nodes } = this.deps;
    try {
      return await nodes.create(desired);
    } catch (error) {
      const taken = error instanceof ApiError && error.reason === 'AlreadyExists';
      const existing = taken ? await nodes.fetch(name) : undefined;
      if (existing === undefined) throw error;
      return existing;
    }
  }

  async #remove(name: string): Promise<Outcome> {
    const { nodes } = this.deps;
    const node = nodes.get(name);
    if (node?.metadata.uid !== undefined && isOwnNode(node)) await nodes.delete(name, { uid: node.metadata.uid });
    const removed = await this.#services.remove(name);
    return { kind: node === undefined && !removed ? 'unchanged' : 'deleted' };
  }
}

type Present = Exclude<WantedNode, { readonly kind: 'none' }>;

const TAKEN = 'A node of the host would be shown under this name, but this node is in its place. Delete it.';

function takenKey(key: string): string {
  return `The label or taint ${key} stays in this cluster: on the host that key has been set by somebody else.`;
}

function writesNothing({ labels, taints }: { readonly labels: readonly string[]; readonly taints: readonly string[] }) {
  return labels.length === 0 && taints.length === 0;
}

function nameOf({ metadata: { name = '' } }: Node): string {
  return name;
}
