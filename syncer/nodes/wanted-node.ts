import type { NodesSection } from '../../lib/contract';
import type { Node } from './types';

/** What is to stand in the virtual cluster for a host node. */
export type WantedNode =
  /** A node that shows the host's. */
  | { readonly kind: 'real'; readonly host: Node }
  /** A node that shows nothing. `gone` tells that the host has no such node any more. */
  | { readonly kind: 'fake'; readonly gone: boolean }
  | { readonly kind: 'none' };

/**
 * Which node the virtual cluster gets for the host's of some name. Pods always have a node: where the host has put one
 * beside the selection, a fake node stands for it.
 *
 * @param host the host's node, undefined if there is none, or none that may be seen
 * @param inUse whether pods of the virtual cluster need it
 */
export function wantedNode(section: NodesSection, host: Node | undefined, inUse: boolean): WantedNode {
  if (section.mode === 'fake') return inUse ? { kind: 'fake', gone: false } : { kind: 'none' };
  const always = section.mode === 'all' || section.mode === 'selected';
  if (!inUse && !always) return { kind: 'none' };
  if (host !== undefined && isSelectedNode(section, host)) return { kind: 'real', host };
  return inUse ? { kind: 'fake', gone: host === undefined } : { kind: 'none' };
}

/** Whether a host node is one of those that the virtual cluster may show. */
export function isSelectedNode(section: NodesSection, host: Node): boolean {
  if (!('selector' in section)) return section.mode !== 'fake';
  return Object.entries(section.selector).every(([key, value]) => host.metadata.labels?.[key] === value);
}
