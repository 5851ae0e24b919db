import type { Taint } from 'kubernetes-types/core/v1';
import { ANNOTATIONS, isReservedKey, LABELS, type RealNodesSection } from '../../lib/contract';
import { matchesAny } from './key-patterns';
import { type RealNodeFacts, realNodeStatus } from './real-node-status';
import { readShownRecord, writeShownRecord } from './shown-record';
import type { Node } from './types';

/** Taints of Kubernetes' node controller about a kubelet that is silent or not ready. */
const LIFECYCLE_TAINTS: ReadonlySet<string> = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
]);

/** The taint by which the API server's admission greets a new node. */
const NOT_READY = 'node.kubernetes.io/not-ready';

/**
 * The virtual node that shows a host node: its labels, annotations, taints, amounts and conditions, less what is hidden.
 * What the tenant has added stays, except under keys that the host has too.
 */
export function realNode(host: Node, section: RealNodesSection, facts: RealNodeFacts, previous?: Node): Node {
  const { name = '', uid = '' } = host.metadata;
  const { hide, toHost } = section;
  const labels = shownKeys(host.metadata.labels, [...hide.labels, ...toHost.labels]);
  const annotations = shownKeys(host.metadata.annotations, hide.annotations);
  const shownTaints = (host.spec?.taints ?? []).filter(
    (taint) => isShownTaint(taint) && !matchesAny(taint.key, [...hide.taints, ...toHost.taints]),
  );
  const record = {
    labels: Object.keys(labels),
    annotations: Object.keys(annotations),
    taints: shownTaints.map(taintId),
    cordoned: cordonedByHost(host, previous),
  };
  const spec = {
    ...(!hide.providerId && host.spec?.providerID && { providerID: host.spec.providerID }),
    taints: [...shownTaints, ...tenantTaints(previous, shownTaints)],
    ...unschedulable(record.cordoned, previous),
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { ...labels, [LABELS.imported]: 'true' },
      annotations: {
        ...annotations,
        [ANNOTATIONS.importedUid]: uid,
        [ANNOTATIONS.shownOfNode]: writeShownRecord(record),
      },
    },
    spec,
    status: realNodeStatus(host.status ?? {}, section, facts, name, previous?.status),
  };
}

function shownKeys(all: { readonly [key: string]: string } = {}, hidden: readonly string[]) {
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => !isReservedKey(key) && key !== LAST_APPLIED && !matchesAny(key, hidden)),
  );
}

/** kubectl's own copy of what was applied to the host's node. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * NoExecute taints about a node's health stay on the host: it evicts the pods, after the time that they tolerate there,
 * and the virtual pods follow. Each has a NoSchedule twin that shows.
 */
function isShownTaint({ key, effect }: Taint): boolean {
  return effect !== 'NoExecute' || !LIFECYCLE_TAINTS.has(key);
}

/** The taints on a virtual node that are the tenant's own. */
function tenantTaints(previous: Node | undefined, shown: readonly Taint[]): Taint[] {
  const fromHost = new Set([...readShownRecord(previous).taints, ...shown.map(taintId)]);
  return (previous?.spec?.taints ?? []).filter((taint) => taint.key !== NOT_READY && !fromHost.has(taintId(taint)));
}

/** Identifies a taint on its node. */
export function taintId({ key, effect }: Taint): string {
  return `${key}:${effect}`;
}

/** A node that the tenant had cordoned already stays the tenant's to uncordon. */
function cordonedByHost(host: Node, previous: Node | undefined): boolean {
  if (host.spec?.unschedulable !== true) return false;
  return previous?.spec?.unschedulable !== true || readShownRecord(previous).cordoned;
}

function unschedulable(cordoned: boolean, previous: Node | undefined): { unschedulable?: boolean } {
  if (cordoned) return { unschedulable: true };
  const tenants = previous?.spec?.unschedulable === true && !readShownRecord(previous).cordoned;
  return tenants ? { unschedulable: true } : {};
}
