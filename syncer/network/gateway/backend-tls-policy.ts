import { mergePatch, subsetEqual } from '../../engine/diff';
import { hostMetadata } from '../../engine/metadata';
import { pick } from '../../engine/pick';
import { hostNameOf, hostNamespaceOf, hostPlace } from '../../engine/placement';
import type { Change, ClusterContext, Reference, Translation } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import { toVirtualConditions } from './conditions';
import { HostRefs } from './host-refs';
import { parentKey } from './parents';
import type { GatewaySurroundings } from './surroundings';
import { type BackendTlsPolicy, GATEWAY_GROUP, type ParentRef } from './types';

const KIND = { apiVersion: `${GATEWAY_GROUP}/v1`, kind: 'BackendTLSPolicy' } as const;

/** Fields of `spec.validation` that refer to nothing. */
const PLAIN = ['hostname', 'wellKnownCACertificates', 'subjectAltNames'] as const;

/** The host's policy for a virtual one: which certificate the Services of its own namespace must show. */
export function toHostBackendTlsPolicy(
  v: BackendTlsPolicy,
  ctx: ClusterContext,
  surroundings: GatewaySurroundings,
): Translation<BackendTlsPolicy> {
  const refs = refsOf(v, ctx, surroundings);
  const { targetRefs = [], validation = {} } = v.spec ?? {};
  const targets = targetRefs.map((ref, index) => ({
    ...refs.core({ ...ref, namespace: v.metadata.namespace ?? '' }, 'Service', `spec.targetRefs[${index}]`),
    ...pick(ref, ['sectionName']),
  }));
  const authorities = hostAuthorities(v, refs);
  return {
    kind: 'object',
    object: {
      ...KIND,
      metadata: hostMetadata(v, ctx, { kind: KIND }),
      spec: {
        targetRefs: targets,
        validation: { ...pick(validation, PLAIN), ...(authorities && { caCertificateRefs: authorities }) },
      },
    },
    warnings: refs.denials,
  };
}

/** The ConfigMaps with authorities that a policy names. */
export function backendTlsPolicyReferences(v: BackendTlsPolicy): readonly Reference[] {
  return (v.spec?.validation?.caCertificateRefs ?? [])
    .filter(({ group = '', kind = 'ConfigMap' }) => group === '' && kind === 'ConfigMap')
    .map(({ name }) => ({ resource: RESOURCES.configMaps, name, optional: true }));
}

/** The writes that bring the host's policy to what is desired. */
export function backendTlsPolicyChanges(desired: BackendTlsPolicy, current: BackendTlsPolicy): readonly Change[] {
  const patch = mergePatch(
    desired,
    current,
    ['spec.targetRefs', 'spec.validation'].map((path) => ({ path, hostAssigned: ['group', 'kind'] })),
  );
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

/** The writes that bring what the host's controllers say about a policy to the virtual one. */
export function backendTlsPolicyToVirtual(
  host: BackendTlsPolicy,
  virtual: BackendTlsPolicy,
  ctx: ClusterContext,
  surroundings: GatewaySurroundings & { gateways(): Iterable<{ readonly namespace: string; readonly name: string }> },
): readonly Change[] {
  const current = virtual.status?.ancestors ?? [];
  const said = host.status?.ancestors ?? [];
  if (current.length === 0 && said.length === 0) return [];
  const refs = refsOf(virtual, ctx, surroundings);
  hostAuthorities(virtual, refs);
  const { name = '', namespace = '' } = virtual.metadata;
  const home = hostNamespaceOf(namespace, ctx);
  const names = [
    ...refs.names,
    [hostNameOf(name, namespace, ctx, KIND.kind), name] as const,
    [home, namespace] as const,
  ];
  const desired = said.flatMap(({ ancestorRef, controllerName, conditions }) => {
    const found = ancestorOf(ancestorRef, namespace, ctx, surroundings.gateways());
    if (found === undefined) return [];
    const parts = { host, virtual, names, denials: refs.denials };
    return [{ ancestorRef: found, controllerName, conditions: toVirtualConditions(conditions, parts) }];
  });
  if (subsetEqual(desired, current) && subsetEqual(current, desired)) return [];
  return [{ kind: 'patch', subresource: 'status', patch: { status: { ancestors: desired } } }];
}

/** The tenant's Gateway that the host means; others are none of the tenant's business. */
function ancestorOf(
  ref: ParentRef,
  own: string,
  ctx: ClusterContext,
  gateways: Iterable<{ readonly namespace: string; readonly name: string }>,
): ParentRef | undefined {
  const home = hostNamespaceOf(own, ctx);
  for (const { namespace, name } of gateways) {
    const place = hostPlace(name, namespace, ctx, 'Gateway');
    const onHost: ParentRef = { ...ref, name: place.name, namespace: place.namespace ?? home };
    if (parentKey(onHost, home) !== parentKey(ref, home)) continue;
    return { ...ref, name, ...(namespace === own ? {} : { namespace }) };
  }
  return undefined;
}

function refsOf(v: BackendTlsPolicy, ctx: ClusterContext, surroundings: GatewaySurroundings): HostRefs {
  const from = { group: GATEWAY_GROUP, kind: KIND.kind, namespace: v.metadata.namespace ?? '' };
  return new HostRefs(from, ctx, surroundings);
}

function hostAuthorities(v: BackendTlsPolicy, refs: HostRefs) {
  return v.spec?.validation?.caCertificateRefs?.map((ref, index) =>
    refs.core(ref, 'ConfigMap', `spec.validation.caCertificateRefs[${index}]`),
  );
}
