import type { NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import { controlPlaneLabels, LABELS } from '../../../lib/contract';
import { isolationPolicies } from '../../../lib/contract/network';
import { generate } from '../../../lib/manifests';
import { coreSection } from '../../../lib/manifests/sections/core';
import { resolveSpec, type VirtualClusterOptions } from '../../../lib/spec';
import { hostLabels, hostNamespaceLabels } from '../../../syncer/engine/metadata';
import { clusterScopedMarker, hostNamespaceOf } from '../../../syncer/engine/placement';
import type { ClusterContext } from '../../../syncer/engine/types';
import { governedLabels } from '../../../syncer/network/isolation/governed';
import { isolatedCluster } from '../../../syncer/network/isolation/isolated';
import { toHostNetworkPolicy } from '../../../syncer/network/network-policy';
import { ARTICLE } from '../engine/context';
import type { PolicyPod, PolicyWorld } from './policy-evaluator';

/** A context of a declaration, its DNS included. */
export function contextOf(options: VirtualClusterOptions): ClusterContext {
  const spec = resolveSpec({ name: ARTICLE.cluster, ...options });
  return { ...ARTICLE, sections: spec.sections, config: coreSection(spec), isUsable: () => true };
}

const HTTP = [{ name: 'http', containerPort: 80, protocol: 'TCP' }];

/** Pods of the host that are not the tenant's. */
export const STRANGERS = {
  controlPlane: {
    name: 'control-plane',
    namespace: ARTICLE.hostNamespace,
    labels: controlPlaneLabels(ARTICLE.cluster),
    ip: '10.42.0.2',
    ports: [],
  },
  otherTenant: {
    name: 'other-tenant',
    namespace: 'vcluster-other',
    labels: { [LABELS.managedBy]: 'other', [LABELS.namespace]: 'shop' },
    ip: '10.42.0.3',
    ports: HTTP,
  },
  sameName: {
    name: 'same-name',
    namespace: 'elsewhere',
    labels: { [LABELS.managedBy]: ARTICLE.cluster, [LABELS.scope]: 'elsewhere-x-my-vcluster' },
    ip: '10.42.0.4',
    ports: HTTP,
  },
  hostDns: {
    name: 'host-dns',
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
    ip: '10.42.0.5',
    ports: [],
  },
  ingress: { name: 'ingress', namespace: 'ingress', labels: { app: 'controller' }, ip: '10.42.0.6', ports: HTTP },
  anybody: { name: 'anybody', namespace: 'default', labels: { app: 'web' }, ip: '10.42.0.7', ports: HTTP },
} as const satisfies { readonly [name: string]: PolicyPod };

const NAMESPACES = Object.fromEntries(
  [ARTICLE.hostNamespace, 'vcluster-other', 'elsewhere', 'kube-system', 'ingress', 'default'].map((name) => [
    name,
    { 'kubernetes.io/metadata.name': name },
  ]),
);

/** A tenant's policy as it stands in the virtual cluster. */
export type TenantPolicy = PolicyWorld['policies'][number];

/** The host with the isolation's policies, this tenant's pods and policies, and everybody else. */
export function isolatedHost(
  options: VirtualClusterOptions,
  virtual: Pick<PolicyWorld, 'pods' | 'policies' | 'namespaces'>,
): PolicyWorld {
  const asObjects = virtual.policies.map(({ namespace, spec }, index) => ({
    metadata: { name: `n${index}`, namespace, uid: `u${index}` },
    spec,
  }));
  const ctx: ClusterContext = {
    ...contextOf(options),
    ...(options.sync?.toHost?.networkPolicies?.enabled === true && {
      policiesOf: (namespace: string) => asObjects.filter(({ metadata }) => metadata.namespace === namespace),
    }),
  };
  const own = virtual.pods.map((pod) => ({
    ...pod,
    namespace: hostNamespaceOf(pod.namespace, ctx),
    labels: {
      ...hostLabels(pod.labels, pod.namespace, ctx),
      ...hostNamespaceLabels(virtual.namespaces[pod.namespace] ?? {}, ctx),
      ...governedLabels({ metadata: { namespace: pod.namespace, labels: pod.labels } }, ctx),
    },
  }));
  const copies = asObjects.map((policy) => {
    const translation = toHostNetworkPolicy(policy, ctx);
    if (translation.kind !== 'object' || translation.object.spec === undefined) throw new Error('not translated');
    return { namespace: translation.object.metadata.namespace ?? '', spec: translation.object.spec };
  });
  return {
    namespaces: NAMESPACES,
    pods: [...own, ...Object.values(STRANGERS)],
    policies: [...declaredPolicies(options), ...elsewherePolicies(ctx, own), ...copies],
  };
}

/** The policies that the declaration itself holds. */
function declaredPolicies(options: VirtualClusterOptions): readonly TenantPolicy[] {
  return generate(resolveSpec({ name: ARTICLE.cluster, ...options })).flatMap(({ object }) =>
    object.kind === 'NetworkPolicy'
      ? [{ namespace: object.metadata.namespace ?? '', spec: object.spec as NetworkPolicySpec }]
      : [],
  );
}

/** Those that the syncer makes in host namespaces of virtual ones. */
function elsewherePolicies(ctx: ClusterContext, own: readonly PolicyPod[]): readonly TenantPolicy[] {
  const of = isolatedCluster(ctx);
  if (of?.place !== 'elsewhere') return [];
  expect(of.scope).toBe(clusterScopedMarker(ctx));
  const namespaces = new Set(own.map(({ namespace }) => namespace).filter((name) => name !== ctx.hostNamespace));
  return [...namespaces].flatMap((namespace) =>
    isolationPolicies(of, ctx.sections.sync.labels).map(({ spec }) => ({ namespace, spec })),
  );
}
