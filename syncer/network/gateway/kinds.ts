import { type Declaration, toHost, type Waker } from '../../engine/declaration';
import type { SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { RESOURCES } from '../../kube/resources';
import type { KubeObject, Resource } from '../../kube/types';
import { claimWakers, hostnameClaimant } from '../claims/kinds';
import type { TrafficClass } from '../ingress-class';
import {
  backendTlsPolicyChanges,
  backendTlsPolicyReferences,
  backendTlsPolicyToVirtual,
  toHostBackendTlsPolicy,
} from './backend-tls-policy';
import { gatewayChanges, gatewayReferences, gatewayToVirtual, toHostGateway } from './gateway';
import { referenceGrantChanges, toHostReferenceGrant } from './reference-grant';
import { ROUTE_KINDS, type RouteKind, routeChanges, routeToVirtual, toHostRoute } from './route';
import type { GatewaySurroundings } from './surroundings';
import { type BackendTlsPolicy, GATEWAY_GROUP, type Gateway, type ReferenceGrant, type Route } from './types';

/** The kinds of the Gateway API that the configuration switches on. They come with an add-on on the host. */
export function gatewayKinds(context: ClusterContext): readonly Declaration[] {
  const on = context.sections.sync.toHost.gatewayApi;
  // In one host namespace grants only decide what is copied: they are asked for, and stay where they are.
  const grants = on.referenceGrants ? [RESOURCES.referenceGrants] : [];
  const spans = context.sections.namespaces.mode !== 'single';
  return [
    ...(on.gateways ? [gateways(grants)] : []),
    ...(on.httpRoutes ? [routes(RESOURCES.httpRoutes, ROUTE_KINDS.http, grants)] : []),
    ...(on.grpcRoutes ? [routes(RESOURCES.grpcRoutes, ROUTE_KINDS.grpc, grants)] : []),
    ...(on.tlsRoutes ? [routes(RESOURCES.tlsRoutes, ROUTE_KINDS.tls, grants)] : []),
    ...(on.backendTlsPolicies ? [backendTlsPolicies(grants)] : []),
    ...(on.referenceGrants && spans ? [referenceGrants()] : []),
  ];
}

function gateways(grants: readonly Resource[]): Declaration {
  return toHost<Gateway, Gateway>({
    ...common(RESOURCES.gateways, grants),
    dependsOn: (context) => [
      ...onVirtual(RESOURCES.namespaces, ...grants),
      ...claimWakers(context),
      ...(context.sections.sync.fromHost.gatewayClasses.enabled
        ? [{ side: 'foreign', resource: RESOURCES.gatewayClasses } as const]
        : []),
    ],
    kind(context, sides) {
      const surroundings = surroundingsOf(context, sides);
      return {
        resource: RESOURCES.gateways,
        trigger: 'always',
        references: gatewayReferences,
        translate: (virtual) => toHostGateway(virtual, context, surroundings),
        changes: gatewayChanges,
        back: (host, virtual) => gatewayToVirtual(host, virtual, context, surroundings),
      };
    },
  });
}

function routes(resource: Resource, kind: RouteKind, grants: readonly Resource[]): Declaration {
  return toHost<Route, Route>({
    ...common(resource, grants),
    dependsOn: (context) => [
      ...onVirtual(RESOURCES.gateways, RESOURCES.namespaces, ...grants),
      ...claimWakers(context),
    ],
    kind(context, sides) {
      const surroundings = surroundingsOf(context, sides);
      return {
        resource,
        trigger: 'always',
        translate: (virtual) => toHostRoute(virtual, kind, context, surroundings),
        changes: routeChanges,
        back: (host, virtual) => routeToVirtual(host, virtual, kind, context, surroundings),
      };
    },
  });
}

function backendTlsPolicies(grants: readonly Resource[]): Declaration {
  return toHost<BackendTlsPolicy, BackendTlsPolicy>({
    ...common(RESOURCES.backendTlsPolicies, grants),
    kind(context, sides) {
      const surroundings = surroundingsOf(context, sides);
      return {
        resource: RESOURCES.backendTlsPolicies,
        trigger: 'always',
        references: backendTlsPolicyReferences,
        translate: (virtual) => toHostBackendTlsPolicy(virtual, context, surroundings),
        changes: backendTlsPolicyChanges,
        back: (host, virtual) => backendTlsPolicyToVirtual(host, virtual, context, surroundings),
      };
    },
  });
}

function referenceGrants(): Declaration {
  return toHost<ReferenceGrant, ReferenceGrant>({
    ...common(RESOURCES.referenceGrants, []),
    kind: (context) => ({
      resource: RESOURCES.referenceGrants,
      trigger: 'always',
      translate: (virtual) => toHostReferenceGrant(virtual, context),
      changes: referenceGrantChanges,
    }),
  });
}

function common(resource: Resource, alsoNeeded: readonly Resource[]) {
  return {
    resource,
    enabled: () => true,
    crds: [resource, ...alsoNeeded].map(({ plural }) => `${plural}.${GATEWAY_GROUP}`),
    virtualCache: OPTIONAL,
    hostCache: OPTIONAL,
  };
}

const OPTIONAL = { optional: true } as const;

function onVirtual(...resources: readonly Resource[]): readonly Waker[] {
  return resources.map((resource) => ({ side: 'virtual', resource }));
}

function surroundingsOf(context: ClusterContext, sides: SideRegistry) {
  const { toHost: on, fromHost } = context.sections.sync;
  const gatewaySide = sides.virtual<Gateway>(RESOURCES.gateways, OPTIONAL);
  const namespaces = sides.virtual<KubeObject>(RESOURCES.namespaces);
  const grants = on.gatewayApi.referenceGrants
    ? sides.virtual<ReferenceGrant>(RESOURCES.referenceGrants, OPTIONAL)
    : undefined;
  const classes = fromHost.gatewayClasses.enabled
    ? sides.foreign<TrafficClass>(RESOURCES.gatewayClasses, OPTIONAL)
    : undefined;
  return {
    ...hostnameClaimant(context, sides),
    gatewayClass: (name) => classes?.get(name),
    gateway: (namespace, name) => gatewaySide.get(`${namespace}/${name}`),
    grants: (namespace) => [...(grants?.cache.list() ?? [])].filter((one) => one.metadata.namespace === namespace),
    *namespaces() {
      for (const { metadata } of namespaces.cache.list()) {
        yield { name: metadata.name ?? '', labels: metadata.labels ?? {} };
      }
    },
    *gateways() {
      for (const { metadata } of gatewaySide.cache.list()) {
        yield { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
      }
    },
  } satisfies GatewaySurroundings & { gateways(): Iterable<{ readonly namespace: string; readonly name: string }> };
}
