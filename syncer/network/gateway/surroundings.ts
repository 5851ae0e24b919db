import type { StringMap } from '../../engine/metadata';
import type { HostnameClaimant } from '../hostnames';
import type { TrafficClass } from '../ingress-class';
import type { Gateway, ReferenceGrant } from './types';

/** What the translation of gateways and routes must know besides the object itself. */
export interface GatewaySurroundings {
  /** The host's class of a name. Asked only where classes are shown. */
  gatewayClass(name: string): TrafficClass | undefined;
  /** A virtual Gateway. */
  gateway(namespace: string, name: string): Gateway | undefined;
  /** The grants of a virtual namespace. */
  grants(namespace: string): readonly ReferenceGrant[];
  /** Every virtual namespace, with its labels. */
  namespaces(): Iterable<{ readonly name: string; readonly labels: StringMap }>;
  /** Whether this cluster has a host name. @default - no claims are made */
  readonly claimant?: HostnameClaimant;
}
