import type { LabelSelector } from 'kubernetes-types/meta/v1';
import type { Json, KubeObject } from '../../kube/types';

/** The API group of gateways and routes. */
export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** A reference to an object, as the Gateway API has it. What is left out has a default that depends on the field. */
export interface ObjectRef {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Where a route wants to be attached. */
export interface ParentRef extends ObjectRef {
  readonly sectionName?: string;
  readonly port?: number;
}

/** Where a route leads. */
export interface BackendRef extends ObjectRef {
  readonly port?: number;
  readonly weight?: number;
  readonly filters?: readonly RouteFilter[];
}

/** What is done to a request on its way. Fields other than those named here refer to nothing. */
export interface RouteFilter {
  readonly type: string;
  readonly requestMirror?: { readonly backendRef: BackendRef; readonly percent?: number; readonly fraction?: Json };
  readonly [field: string]: unknown;
}

/** One rule of a route. Fields other than those named here refer to nothing. */
export interface RouteRule {
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendRef[];
  readonly [field: string]: unknown;
}

/** A condition of a status. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}

/** What one controller says about a route's attachment to one parent. */
export interface ParentStatus {
  readonly parentRef: ParentRef;
  readonly controllerName: string;
  readonly conditions?: readonly Condition[];
}

/** An HTTPRoute, GRPCRoute or TLSRoute. */
export interface Route extends KubeObject {
  readonly spec?: {
    readonly parentRefs?: readonly ParentRef[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly RouteRule[];
  };
  readonly status?: { readonly parents?: readonly ParentStatus[] };
}

/** Which routes a listener takes. */
export interface AllowedRoutes {
  readonly namespaces?: { readonly from?: string; readonly selector?: LabelSelector };
  readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
}

/** Where a Gateway listens. */
export interface Listener {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  readonly protocol: string;
  readonly tls?: {
    readonly mode?: string;
    readonly certificateRefs?: readonly ObjectRef[];
    readonly options?: { readonly [key: string]: string };
  };
  readonly allowedRoutes?: AllowedRoutes;
}

/** A Gateway, as far as it is copied. */
export interface Gateway extends KubeObject {
  readonly spec?: {
    readonly gatewayClassName: string;
    readonly listeners?: readonly Listener[];
    readonly [notCopied: string]: unknown;
  };
  readonly status?: {
    readonly addresses?: readonly Json[];
    readonly conditions?: readonly Condition[];
    readonly listeners?: readonly ListenerStatus[];
  };
}

/** What the controller says about one listener. */
export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds?: readonly Json[];
  readonly attachedRoutes?: number;
  readonly conditions?: readonly Condition[];
}

/** What a namespace lets others refer to. */
export interface ReferenceGrant extends KubeObject {
  readonly spec?: {
    readonly from?: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
    readonly to?: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
  };
}

/** How a Service is spoken to by TLS. */
export interface BackendTlsPolicy extends KubeObject {
  readonly spec?: {
    readonly targetRefs?: readonly (ObjectRef & { readonly sectionName?: string })[];
    readonly validation?: {
      readonly caCertificateRefs?: readonly ObjectRef[];
      readonly [field: string]: unknown;
    };
    readonly [notCopied: string]: unknown;
  };
  readonly status?: {
    readonly ancestors?: readonly {
      readonly ancestorRef: ParentRef;
      readonly controllerName: string;
      readonly conditions?: readonly Condition[];
    }[];
  };
}
