import type { EventSeries, EventSource, ObjectReference } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../kube/types';

/** An Event (`v1`), as the host's API server gives it. */
export interface HostEvent extends KubeObject {
  readonly involvedObject: ObjectReference;
  readonly action?: string;
  readonly count?: number;
  readonly eventTime?: string;
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
  readonly series?: EventSeries;
  readonly source?: EventSource;
  readonly type?: string;
}

/** An Event of the virtual cluster. */
export type VirtualEvent = HostEvent;

/** The virtual object that an event is about. */
export interface InvolvedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  readonly uid: string;
}
