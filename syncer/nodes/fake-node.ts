import type { Taint } from 'kubernetes-types/core/v1';
import { LABELS } from '../../lib/contract';
import { type FakeNodeFacts, fakeNodeStatus } from './fake-node-status';
import type { Node } from './types';

/** The taint that Kubernetes' node controller puts on a node whose kubelet went silent. */
const UNREACHABLE = 'node.kubernetes.io/unreachable';

/**
 * The virtual node that stands for the host node of that name without showing it. A lost node is tainted NoSchedule,
 * not NoExecute: it is the host that evicts its pods, after the time that they tolerate, and the virtual pods follow.
 */
export function fakeNode(name: string, facts: FakeNodeFacts, previous?: Node): Node {
  const taints = taintsOf(facts, previous);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': facts.architecture,
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': facts.architecture,
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        [LABELS.fakeNode]: 'true',
      },
    },
    spec: taints.length > 0 ? { taints } : {},
    status: fakeNodeStatus(name, facts, previous?.status),
  };
}

/** Whether a virtual node is one that we made, and so may change and remove. */
export function isFakeNode(node: Node): boolean {
  return node.metadata.labels?.[LABELS.fakeNode] === 'true';
}

/**
 * The API server's admission taints each new node `not-ready`, for the node controller to remove: here that is us.
 * Source: the admission plugin TaintNodesByCondition.
 */
const NOT_READY = 'node.kubernetes.io/not-ready';

function taintsOf({ ready, now }: FakeNodeFacts, previous: Node | undefined): Taint[] {
  const existing = previous?.spec?.taints ?? [];
  const others = existing.filter(({ key }) => key !== UNREACHABLE && key !== NOT_READY);
  if (ready) return others;
  const before = existing.find((taint) => taint.key === UNREACHABLE && taint.effect === 'NoSchedule');
  const timeAdded = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return [...others, before ?? { key: UNREACHABLE, effect: 'NoSchedule', timeAdded }];
}
