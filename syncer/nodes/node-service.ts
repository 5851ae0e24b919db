import { ANNOTATIONS, controlPlaneLabels, LABELS, nodeServiceName, PORTS, safeConcat } from '../../lib/contract';
import { mergePatch } from '../engine/diff';
import { ownerReference } from '../engine/metadata';
import { markLabels } from '../engine/placement';
import type { Change, ClusterContext } from '../engine/types';
import type { KubeObject } from '../kube/types';
import type { Service } from '../services/types';

/**
 * The host Service that gives a virtual node its address: it leads to the kubelet API of the syncer. Carries the label
 * `managed-by`, so that the one watch of host Services sees it, and the node's whole name in an annotation, since a
 * label takes 63 characters only.
 */
export function nodeService(node: string, ctx: ClusterContext): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: nodeServiceName(ctx.cluster, node),
      namespace: ctx.hostNamespace,
      labels: {
        ...markLabels(ctx),
        [LABELS.belongsTo]: ctx.cluster,
        [LABELS.node]: safeConcat(node),
      },
      annotations: { [ANNOTATIONS.objectName]: node },
      ownerReferences: [ownerReference(ctx)],
    },
    spec: {
      type: 'ClusterIP',
      selector: { ...controlPlaneLabels(ctx.cluster) },
      ports: [{ name: 'kubelet', port: PORTS.kubelet, protocol: 'TCP', targetPort: PORTS.kubelet }],
    },
  };
}

/** The node that a host Service gives its address, or `undefined` if it is no node Service of this cluster. */
export function nodeOfService(host: KubeObject, ctx: ClusterContext): string | undefined {
  const { name, namespace, labels = {}, annotations = {}, ownerReferences = [] } = host.metadata;
  const node = annotations[ANNOTATIONS.objectName];
  const isOurs =
    namespace === ctx.hostNamespace &&
    labels[LABELS.belongsTo] === ctx.cluster &&
    ownerReferences.some((owner) => owner.uid === ctx.ownerUid);
  if (!isOurs || node === undefined || labels[LABELS.node] !== safeConcat(node)) return undefined;
  return name === nodeServiceName(ctx.cluster, node) ? node : undefined;
}

/** The writes that bring a node Service back to what {@link nodeService} makes. */
export function nodeServiceChanges(desired: Service, current: Service): readonly Change[] {
  const patch = mergePatch(desired, current, ['spec.type', 'spec.selector', 'spec.ports']);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}
