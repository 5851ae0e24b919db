import type { KubeObject } from '../kube/types';

/** CPU and memory in use, as Kubernetes writes amounts. */
export interface Usage {
  readonly [resource: string]: string;
}

/** When something was measured, and over which time before that. */
export interface Measurement {
  /** RFC 3339. */
  readonly timestamp: string;
  /** A duration as Go writes it: `15.2s`. */
  readonly window: string;
}

/** `PodMetrics` of metrics.k8s.io/v1beta1. */
export interface PodMetrics extends KubeObject, Measurement {
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}

/** `NodeMetrics` of metrics.k8s.io/v1beta1. */
export interface NodeMetrics extends KubeObject, Measurement {
  readonly usage: Usage;
}

/** The group, version and names of the metrics API. */
export const METRICS_API = { group: 'metrics.k8s.io', version: 'v1beta1' } as const;
