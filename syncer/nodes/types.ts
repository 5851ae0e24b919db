import type { NodeSpec, NodeStatus } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../kube/types';

export type { NodeStatus };

/** A Node. */
export interface Node extends KubeObject {
  readonly spec?: NodeSpec;
  readonly status?: NodeStatus;
}
