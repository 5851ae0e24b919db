import { type CustomResourceToHostRule, isNeverPassed, matchesKey } from '../../lib/contract';
import { hostLabels, hostMetadata, type StringMap } from '../engine/metadata';
import { pick } from '../engine/pick';
import type { ClusterContext, Translation } from '../engine/types';
import { apiVersionOf } from '../kube/resources';
import { writtenFields } from './kept-fields';
import { findAll, type Members, replaceAll, withValue } from './paths';
import { hostNameOfReference, namedObjects, resourceOf } from './references';
import { hostSelectorOf, isSelector, isStringMap } from './selectors';
import type { CustomResource } from './types';

/**
 * The host copy of a custom resource: the declared fields whole, with the names at declared paths replaced by the
 * host's, selectors bounded to the objects of its namespace, and metadata as of any copy.
 */
export function toHostCustomResource(
  virtual: CustomResource,
  rule: CustomResourceToHostRule,
  ctx: ClusterContext,
): Translation<CustomResource> {
  const { namespace = '' } = virtual.metadata;
  const { named, unreadable } = namedObjects(virtual, rule.references, (path) => !isStatus(path));
  const [wrong] = unreadable;
  if (wrong !== undefined) return refused('InvalidReference', wrong.where, 'must be the name of an object');
  const strange = named.find((one) => one.namespace !== undefined && one.namespace.value !== namespace);
  if (strange?.namespace !== undefined) {
    const { where } = strange.namespace.found;
    return refused(
      'CrossNamespaceReference',
      where,
      'names an object of another namespace, which this cluster does not share',
    );
  }

  let fields: Members = pick(virtual, rule.fields);
  // Under their own keys, labels and selectors would lead to and find what is not the tenant's.
  const unbounded =
    firstOther(fields, rule.selectors, isSelector) ?? firstOther(fields, rule.labels, (value) => isStringMap(value));
  if (unbounded !== undefined) return refused('InvalidLabels', unbounded, 'must hold labels, each value a text');
  for (const path of rule.selectors)
    fields = replaceAll(fields, path, ({ value }) =>
      isSelector(value) ? hostSelectorOf(value, namespace, ctx) : undefined,
    );
  for (const path of rule.labels)
    fields = replaceAll(fields, path, ({ value }) =>
      isStringMap(value) ? hostLabels(value, namespace, ctx) : undefined,
    );
  for (const one of named) {
    const host = hostNameOfReference(one, namespace, ctx);
    fields = withValue(fields, one.found.steps, host.name);
    if (one.namespace !== undefined) fields = withValue(fields, one.namespace.found.steps, host.namespace);
  }

  const resource = resourceOf(rule);
  const kind = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  const defaults = passed(virtual.metadata.annotations ?? {}, rule.annotations.toHost);
  return {
    kind: 'object',
    object: {
      ...fields,
      ...kind,
      metadata: hostMetadata(virtual, ctx, { kind, defaults, annotations: writtenFields(fields) }),
    },
  };
}

/** A host copy that remembers what is written of it now. */
export function sealedFields(object: CustomResource, rule: CustomResourceToHostRule): CustomResource {
  const annotations = { ...object.metadata.annotations, ...writtenFields(pick(object, rule.fields)) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Those annotations whose keys are allowed. */
export function passed(annotations: StringMap, patterns: readonly string[]): StringMap {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => matchesKey(patterns, key) && !isNeverPassed(key)),
  );
}

/** Whether a path leads into what the host says. */
export function isStatus(path: string): boolean {
  return path === 'status' || path.startsWith('status.') || path.startsWith('status[');
}

/** The first place at one of these paths that holds something else. */
function firstOther(
  fields: Members,
  paths: readonly string[],
  isMeant: (value: unknown) => boolean,
): string | undefined {
  return paths.flatMap((path) => findAll(fields, path)).find(({ value }) => !isMeant(value))?.where;
}

function refused(reason: string, field: string, what: string): Translation<CustomResource> {
  return { kind: 'refused', reason, field, message: `${field} ${what}.` };
}
