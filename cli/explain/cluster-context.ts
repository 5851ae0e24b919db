import type { IsolationSection } from '../../lib/contract';
import { clusterNames } from '../../lib/contract';
import { coreSection } from '../../lib/manifests/sections/core';
import type { ResolvedSpec } from '../../lib/spec';
import type { ObjectPatches } from '../../syncer/engine/patching';
import type { ClusterContext } from '../../syncer/engine/types';
import type { KubeObject } from '../../syncer/kube/types';

/** A value that only the clusters decide, as it stands in what is shown. */
export function placeholder(what: string): string {
  return `<${what}>`;
}

/** What the syncer of a declared virtual cluster would know. The host is taken for one of the same version. */
export function contextOf(
  spec: ResolvedSpec,
  namespaces: readonly KubeObject[],
  patches: ObjectPatches | undefined,
): ClusterContext {
  const labels = new Map(namespaces.map(({ metadata }) => [metadata.name ?? '', metadata.labels ?? {}]));
  return {
    cluster: spec.name,
    hostNamespace: spec.namespace,
    names: clusterNames(spec.name),
    ownerUid: placeholder(`uid of Service ${spec.name}`),
    config: coreSection(spec),
    sections: { ...spec.sections, isolation: withoutClaims(spec.sections.isolation) },
    isUsable: () => true,
    hostVersion: spec.kubernetes.version,
    labelsOfNamespace: (namespace) => labels.get(namespace) ?? {},
    ...(patches && { patches }),
  };
}

/** Whether another cluster has a host name only the host knows: it is taken for free. */
function withoutClaims(isolation: IsolationSection): IsolationSection {
  if (isolation.level === 'off') return isolation;
  const { claims: _, ...hostnames } = isolation.hostnames;
  return { ...isolation, hostnames };
}
