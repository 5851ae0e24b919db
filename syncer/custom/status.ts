import type { CustomResourceToHostRule } from '../../lib/contract';
import { hostNameOf, hostNamespaceOf } from '../engine/placement';
import { type Replacements, scrub } from '../engine/scrub';
import type { Change, ClusterContext } from '../engine/types';
import type { ObjectKey, Resource } from '../kube/types';
import { exactPatch } from './kept-fields';
import { isMembers, type Members, withValue } from './paths';
import { hostNameOfReference, namedObjects, referencedResource } from './references';
import { isStatus } from './to-host';
import type { CustomResource } from './types';

/** What {@link statusToVirtual} must know besides the two objects. */
export interface StatusFacts {
  readonly rule: CustomResourceToHostRule;
  readonly context: ClusterContext;
  /** Whether the status is written apart from the object, as the CustomResourceDefinition says. */
  readonly hasSubresource: boolean;
  /** The virtual object for whose copy a host object stands, by its kind, host namespace and name. */
  lookup(resource: Resource, hostNamespace: string, hostName: string): ObjectKey | undefined;
}

/**
 * The write that shows the tenant what the host says about its custom resource: the status in the tenant's own names,
 * and counted in the generations of the tenant's own object.
 */
export function statusToVirtual(host: CustomResource, virtual: CustomResource, facts: StatusFacts): readonly Change[] {
  if (!isMembers(host.status)) return [];
  const { generation } = virtual.metadata;
  const status = inTenantNames(host, virtual, facts);
  const current = isMembers(virtual.status) ? { status: virtual.status } : {};
  const patchAt = (own: number | undefined) => exactPatch({ status: withGenerations(status, host, own) }, current);
  const differs = patchAt(generation) !== undefined;
  // A status that is part of the object counts as a change of it, so that this write makes the next generation.
  const isPart = !facts.hasSubresource && generation !== undefined;
  const patch = differs ? patchAt(isPart ? generation + 1 : generation) : undefined;
  if (patch === undefined) return [];
  return [{ kind: 'patch', patch, ...(facts.hasSubresource && { subresource: 'status' }) }];
}

function inTenantNames(host: CustomResource, virtual: CustomResource, facts: StatusFacts): unknown {
  const { rule, context } = facts;
  const { name = '', namespace = '' } = virtual.metadata;
  const hostNamespace = hostNamespaceOf(namespace, context);
  const spec = namedObjects(virtual, rule.references, (path) => !isStatus(path)).named;
  const known = new Map<string, string>([
    [hostNameOf(name, namespace, context, rule.kind), name],
    ...spec.map((one) => [hostNameOfReference(one, namespace, context).name, one.name] as const),
  ]);
  let object: Members = { status: host.status };
  for (const one of namedObjects(object, rule.references, isStatus).named) {
    const resource = referencedResource(one.rule.kind, context);
    const key = resource === undefined ? undefined : facts.lookup(resource, hostNamespace, one.name);
    const tenants = key === undefined ? known.get(one.name) : key.slice(key.indexOf('/') + 1);
    if (tenants === undefined) continue;
    object = withValue(object, one.found.steps, tenants);
    if (one.namespace?.value === hostNamespace) object = withValue(object, one.namespace.found.steps, namespace);
  }
  const names = [...known].filter(([hostName, own]) => hostName !== own);
  return scrubbed(object.status, names, [...names, [hostNamespace, namespace]]);
}

/** Names of the host are replaced in every text; its namespace, which may be a common word, only in messages. */
function scrubbed(value: unknown, names: Replacements, inMessages: Replacements, key = ''): unknown {
  if (typeof value === 'string') return scrub(value, key === 'message' ? inMessages : names);
  if (Array.isArray(value)) return value.map((element: unknown) => scrubbed(element, names, inMessages, key));
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([inner, member]) => [inner, scrubbed(member, names, inMessages, inner)]),
  );
}

/**
 * `observedGeneration` counts the changes of the host's object. One that has seen the newest has seen the tenant's
 * newest too, as the host's object is brought in line first; another has seen an older one.
 */
function withGenerations(status: unknown, host: CustomResource, own: number | undefined): unknown {
  if (!isMembers(status)) return status;
  const translated = (value: unknown): unknown => {
    if (typeof value !== 'number' || own === undefined) return value;
    return value === host.metadata.generation ? own : Math.min(value, own - 1);
  };
  const withGeneration = (holder: Members): Members =>
    'observedGeneration' in holder ? { ...holder, observedGeneration: translated(holder.observedGeneration) } : holder;
  const { conditions } = status;
  return {
    ...withGeneration(status),
    ...(Array.isArray(conditions) && {
      conditions: conditions.map((one: unknown) => (isMembers(one) ? withGeneration(one) : one)),
    }),
  };
}
