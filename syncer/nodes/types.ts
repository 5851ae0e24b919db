import type {
  NodeSystemInfo as BaseNodeSystemInfo,
  NodeStatus as BaseStatus,
  NodeSpec,
} from 'kubernetes-types/core/v1';
import type { KubeObject } from '../kube/types';

/** Facts about a node's software, with the newer fields that are shown. */
export interface NodeSystemInfo extends BaseNodeSystemInfo {
  /** Since 1.34: how much swap there is. */
  readonly swap?: { readonly capacity?: number };
}

/** `status` of a node: what `kubernetes-types` knows, and the newer fields that are shown. */
export interface NodeStatus extends Omit<BaseStatus, 'nodeInfo'> {
  nodeInfo?: NodeSystemInfo;
  /** Since 1.31: what the container runtime can do. */
  features?: { readonly [feature: string]: boolean };
  /** Since 1.35: features of the kubelet by which the API server tells what a pod on the node may ask for. */
  declaredFeatures?: string[];
}

/** A Node. */
export interface Node extends KubeObject {
  readonly spec?: NodeSpec;
  readonly status?: NodeStatus;
}
