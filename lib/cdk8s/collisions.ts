import { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';

/** The kinds without a namespace that a virtual cluster can have. */
export const CLUSTER_SCOPED: ReadonlySet<string> = new Set(['Namespace', 'ClusterRole', 'ClusterRoleBinding']);

/** Fails the synthesis when an object elsewhere in the app would be the same object on the host as one of ours. */
export function refuseTwins(owner: Construct, ours: readonly ApiObject[]): void {
  LOOKS.delete(owner.node.root);
  owner.node.addValidation({
    validate() {
      const twins = twinsAround(owner);
      if (twins.size === 0) return [];
      return ours.flatMap((own) => {
        const identity = identityOf(own);
        return (twins.get(identity) ?? []).filter((other) => other !== own).map((other) => words(own, identity, other));
      });
    },
  });
}

function words({ kind }: ApiObject, identity: string, { node }: ApiObject): string {
  const hint = kind === 'Namespace' ? '; set createNamespace: false on one of them' : '';
  return `${identity} is also declared at ${node.path}${hint}`;
}

/** Objects that are one on the host, by what they are there. */
type Twins = ReadonlyMap<string, readonly ApiObject[]>;

/** What was found when an app was last looked at. */
interface Look {
  readonly nodes: readonly IConstruct[];
  readonly twins: Twins;
  /** Who has asked since. */
  readonly asked: Set<IConstruct>;
}

const LOOKS = new WeakMap<IConstruct, Look>();

/**
 * The twins in the owner's app. cdk8s validates a whole app for each of its charts, every construct once, so the app is
 * looked at when somebody asks again: for a thousand virtual clusters a thousand times, and not a million.
 */
function twinsAround(owner: Construct): Twins {
  const { root } = owner.node;
  const last = LOOKS.get(root);
  if (last !== undefined && !last.asked.has(owner)) {
    last.asked.add(owner);
    return last.twins;
  }
  const nodes = root.node.findAll();
  const twins = last !== undefined && areSame(last.nodes, nodes) ? last.twins : twinsAmong(nodes);
  LOOKS.set(root, { nodes, twins, asked: new Set([owner]) });
  return twins;
}

function areSame(some: readonly IConstruct[], others: readonly IConstruct[]): boolean {
  return some.length === others.length && some.every((node, index) => node === others[index]);
}

function twinsAmong(nodes: readonly IConstruct[]): Twins {
  const objects = nodes.filter((node) => ApiObject.isApiObject(node)).map((node) => ApiObject.of(node));
  const byIdentity = Map.groupBy(objects, identityOf);
  return new Map([...byIdentity].filter(([, same]) => same.length > 1));
}

function identityOf({ apiGroup, kind, metadata, name }: ApiObject): string {
  const namespace = CLUSTER_SCOPED.has(kind) ? '' : `${textOf(metadata.namespace ?? '')}/`;
  return `${apiGroup === 'core' ? '' : `${apiGroup}/`}${kind} ${namespace}${textOf(name)}`;
}

const LAZY = new WeakMap<object, string>();
let lazyCount = 0;

/** A text, or a name for a value that will be one: the same for the same value only. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const known = LAZY.get(value) ?? `<lazy value ${++lazyCount}>`;
  LAZY.set(value, known);
  return known;
}
