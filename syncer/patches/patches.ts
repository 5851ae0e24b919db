import { type ObjectPatchRule, patchableName } from '../../lib/contract';
import type { ObjectPatches } from '../engine/patching';
import { hostNameOf, hostNamespaceOf } from '../engine/placement';
import { scrub } from '../engine/scrub';
import type { ClusterContext } from '../engine/types';
import type { Logger } from '../kube/logger';
import type { KubeObject } from '../kube/types';
import { forbiddenChange } from './checks';
import { Sandbox, type SandboxLimits } from './sandbox';

/**
 * The patches that the configuration names, undefined when there are none: then nothing of this is started.
 * Failures are logged in the author's words, and told to tenants without names of the host.
 */
export function createPatches(
  rules: readonly ObjectPatchRule[],
  contextOf: () => ClusterContext,
  logger: Pick<Logger, 'warn'>,
  limits: SandboxLimits = {},
): (ObjectPatches & { close(): void }) | undefined {
  if (rules.length === 0) return undefined;
  const byKind = new Map(rules.map((rule) => [rule.kind, rule]));
  const sandbox = new Sandbox(rules.flatMap(sourcesOf), limits);
  sandbox.start();
  return {
    has: (resource) => byKind.has(patchableName(resource)),
    apply(resource, direction, object, virtual) {
      const kind = patchableName(resource);
      if (byKind.get(kind)?.[direction] === undefined) return { kind: 'object', object };
      const context = contextOf();
      const { cluster, hostNamespace } = context;
      const about = { cluster, hostNamespace, ...virtual };
      const result = sandbox.call(idOf(kind, direction), JSON.stringify(object), JSON.stringify(about));
      const patched = result.kind === 'failed' ? { failure: result.reason } : accepted(object, result.text);
      if ('object' in patched) return { kind: 'object', object: patched.object };
      logger.warn({ kind, direction, ...virtual, reason: patched.failure }, 'a patch failed: the object is not synced');
      return { kind: 'failed', message: told(patched.failure, direction, virtual, context) };
    },
    close: () => sandbox.close(),
  };
}

/** The patched object, unless something was changed that is not the patch's to change. */
function accepted<T extends KubeObject>(
  before: T,
  text: string,
): { readonly object: T } | { readonly failure: string } {
  const after: T = JSON.parse(text);
  const field = forbiddenChange(before, after);
  return field === undefined ? { object: after } : { failure: `it may not change ${field}` };
}

function told(
  reason: string,
  direction: string,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name: string },
  context: ClusterContext,
): string {
  const where = direction === 'toHost' ? 'This object is not synced' : 'What the host says of this object is not shown';
  const text = scrub(reason, [
    [hostNameOf(name, namespace, context), name],
    ...(namespace === undefined ? [] : [[hostNamespaceOf(namespace, context), namespace] as const]),
    [context.hostNamespace, context.cluster],
  ]);
  return `${where}, because the platform's change to objects of its kind failed: ${text}.`;
}

function sourcesOf({ kind, toHost, toVirtual }: ObjectPatchRule) {
  return [
    ...(toHost === undefined ? [] : [{ id: idOf(kind, 'toHost'), source: toHost }]),
    ...(toVirtual === undefined ? [] : [{ id: idOf(kind, 'toVirtual'), source: toVirtual }]),
  ];
}

function idOf(kind: string, direction: string): string {
  return `${kind} ${direction}`;
}
