import { mergePatch } from '../../engine/diff';
import { hostMetadata } from '../../engine/metadata';
import { hostNameOf, hostNamespaceOf } from '../../engine/placement';
import type { Change, ClusterContext, Translation } from '../../engine/types';
import { GATEWAY_GROUP, type ReferenceGrant } from './types';

const KIND = { apiVersion: `${GATEWAY_GROUP}/v1beta1`, kind: 'ReferenceGrant' } as const;

/**
 * The host's grant for a virtual one, where virtual namespaces lie in host namespaces of their own. It says no more than
 * that this host namespace may be referred to from that one: what exactly the tenant has granted is checked before
 * anything that refers is copied.
 */
export function toHostReferenceGrant(v: ReferenceGrant, ctx: ClusterContext): Translation<ReferenceGrant> {
  const { namespace = '' } = v.metadata;
  const home = hostNamespaceOf(namespace, ctx);
  const from = (v.spec?.from ?? [])
    .map((one) => ({ group: one.group, kind: one.kind, namespace: hostNamespaceOf(one.namespace, ctx) }))
    .filter((one) => one.namespace !== home);
  if (from.length === 0) return { kind: 'skip', reason: 'all that it concerns lies in one host namespace' };
  const to = (v.spec?.to ?? []).map(({ group, kind, name }) => ({
    group,
    kind,
    ...(name !== undefined && { name: hostNameOf(name, namespace, ctx, kind) }),
  }));
  return { kind: 'object', object: { ...KIND, metadata: hostMetadata(v, ctx, { kind: KIND }), spec: { from, to } } };
}

/** The writes that bring the host's grant to what is desired. */
export function referenceGrantChanges(desired: ReferenceGrant, current: ReferenceGrant): readonly Change[] {
  const patch = mergePatch(
    desired,
    current,
    ['spec.from', 'spec.to'].map((path) => ({ path, hostAssigned: [] })),
  );
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}
