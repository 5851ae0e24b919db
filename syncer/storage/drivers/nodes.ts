import { isReservedKey } from '../../../lib/contract';
import { type Declaration, toVirtual } from '../../engine/declaration';
import { mergePatch } from '../../engine/diff';
import type { ImportedKind } from '../../engine/imported-kind';
import { pick } from '../../engine/pick';
import { isSelected } from '../../engine/selected';
import type { Change } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import type { KubeObject } from '../../kube/types';
import { isOwnNode } from '../../nodes/node-changes';
import type { Node } from '../../nodes/types';
import { shownStorage } from './shown';

/** A CSINode: what the drivers on one node offer. */
export interface CsiNode extends KubeObject {
  readonly spec: {
    readonly drivers: readonly {
      readonly name: string;
      readonly nodeID: string;
      readonly topologyKeys?: readonly string[];
      readonly allocatable?: { readonly count?: number };
    }[];
  };
}

/**
 * What the virtual cluster shows of a CSINode: of nodes that it has, and without the ids by which drivers know machines.
 * @param hasNode whether the virtual cluster has the node of this name
 */
export function toVirtualCsiNode(
  hasNode: (name: string) => boolean,
  selects: (host: CsiNode) => boolean,
): Pick<ImportedKind<CsiNode, CsiNode>, 'translate' | 'changes'> {
  return {
    translate(host) {
      const { name = '', labels = {} } = host.metadata;
      if (!hasNode(name)) return { kind: 'skip', reason: 'its node is not shown' };
      if (!selects(host)) return { kind: 'skip', reason: 'it is not selected' };
      return {
        kind: 'object',
        object: {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'CSINode',
          metadata: { name, labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !isReservedKey(key))) },
          spec: {
            drivers: host.spec.drivers.map((driver) => ({
              ...pick(driver, ['topologyKeys', 'allocatable']),
              name: driver.name,
              nodeID: name,
            })),
          },
        },
      };
    },
    changes(desired, current): readonly Change[] {
      const patch = mergePatch(desired, current, [{ path: 'spec.drivers', hostAssigned: [] }]);
      if (patch === undefined) return [];
      return 'spec' in patch
        ? [{ kind: 'recreate', reason: 'what drivers offer on a node can not be changed in place' }]
        : [{ kind: 'patch', patch }];
    },
  };
}

const { csiNodes: resource } = RESOURCES;

const base = toVirtual<CsiNode, CsiNode>({
  resource,
  enabled: (context) => shownStorage('csiNodes')(context).enabled,
  kind(context, sides) {
    const nodes = sides.virtual<Node>(RESOURCES.nodes);
    const { selector } = shownStorage('csiNodes')(context);
    return {
      resource,
      virtualKeyOf: (key) => key,
      hostKeyOf: (key) => key,
      ...toVirtualCsiNode(
        // A node of the tenant's own may be called as one of the host's that they may not see.
        (name) => {
          const node = nodes.get(name);
          return node !== undefined && isOwnNode(node);
        },
        (host) => isSelected(host, selector),
      ),
    };
  },
});

/** What the host's nodes offer to storage drivers. It comes and goes with the node that the virtual cluster shows. */
export const csiNodes: Declaration = {
  ...base,
  open(sides, context) {
    const opened = base.open(sides, context);
    const nodes = sides.virtual(RESOURCES.nodes);
    return {
      ...opened,
      wire(parts) {
        const wired = opened.wire(parts);
        nodes.cache.subscribe((change) => {
          if (change.kind === 'modified') return;
          const { name = '' } = (change.kind === 'deleted' ? change.previous : change.object).metadata;
          wired.controller.enqueue(name);
        });
        return wired;
      },
    };
  },
};
