import { isIP } from 'node:net';
import { Controller } from '../../engine/controller';
import type { Declaration, Waker } from '../../engine/declaration';
import type { Side } from '../../engine/side';
import type { CacheShape, SideRegistry } from '../../engine/side-registry';
import type { ClusterContext } from '../../engine/types';
import { isolationOf } from '../../isolation/rules';
import { holderOf, type Lease } from '../../kube/lease';
import { RESOURCES } from '../../kube/resources';
import { type KubeObject, keyOf, type Resource } from '../../kube/types';
import type { Gateway, Route } from '../gateway/types';
import { canonical, claimable, type HostnameClaimant, type Named, overlaps } from '../hostnames';
import { hostnamesOfGateway, hostnamesOfIngress, hostnamesOfRoute } from '../hostnames-of';
import type { Ingress } from '../ingress';
import { HostnameClaims } from './claims';
import { claimantOf, claimedHostname } from './lease';
import { HostnameUsage } from './usage';

/** The namespace of claims, undefined where none are made. */
function claimsNamespace(context: ClusterContext): string | undefined {
  return isolationOf(context)?.hostnames.claims?.namespace;
}

const OPEN = new WeakMap<Side<Lease>, HostnameClaims>();

/** The claims of this cluster: one book for all kinds that ask. */
function claimsOf(namespace: string, context: ClusterContext, sides: SideRegistry) {
  const leases = sides.foreign<Lease>(RESOURCES.leases, { deniable: true }, namespace);
  const known = OPEN.get(leases) ?? new HostnameClaims(leases, namespace, context);
  OPEN.set(leases, known);
  return { leases, claims: known };
}

/** Whom a translation asks whether this cluster has a host name, if claims are made. Opens the cache of claims. */
export function hostnameClaimant(
  context: ClusterContext,
  sides: SideRegistry,
): { readonly claimant?: HostnameClaimant } {
  const namespace = claimsNamespace(context);
  if (namespace === undefined) return {};
  const { claims } = claimsOf(namespace, context, sides);
  return { claimant: (hostname) => claims.stateOf(hostname) };
}

/** Upon whose changes what has host names is looked at again. */
export function claimWakers(context: ClusterContext): readonly Waker[] {
  const namespace = claimsNamespace(context);
  return namespace === undefined
    ? []
    : [{ side: 'foreign', resource: RESOURCES.leases, namespace, shape: { deniable: true } }];
}

/** Claims the host names of all objects that serve some, and gives back those that none serves any more. */
export const hostnameClaims: Declaration = {
  name: 'hostname-claims',
  enabled: (context) => claimsNamespace(context) !== undefined,
  open(sides, context) {
    const { leases, claims } = claimsOf(claimsNamespace(context) ?? '', context, sides);
    const sources = sourcesOf(context, sides);
    const usage = new HostnameUsage();
    return {
      watched: [],
      wire({ report }) {
        const controller = new Controller({
          name: 'hostname-claims',
          report,
          workers: 4,
          reconcile: (hostname) => claims.reconcile(hostname, usage.has(hostname)),
        });
        for (const name of usage.set('endpoint', endpointNames(context))) controller.enqueue(name);
        for (const follow of sources) {
          follow((object, names) => {
            for (const name of usage.set(object, names)) controller.enqueue(name);
          });
        }
        leases.cache.subscribe((change) => {
          const claimed = claimedHostname(change.kind === 'deleted' ? change.previous : change.object);
          if (claimed === undefined) return;
          for (const name of [...usage.names()].filter((one) => overlaps(one, claimed))) controller.enqueue(name);
        });
        return {
          controller,
          *keys() {
            yield* usage.names();
            for (const lease of leases.cache.list()) {
              const name = holderOf(lease) === claimantOf(context) ? claimedHostname(lease) : undefined;
              if (name !== undefined && !usage.has(name)) yield name;
            }
          },
          async reconcileNow(hostname) {
            await claims.reconcile(hostname, usage.has(hostname));
          },
        };
      },
    };
  },
};

/** The host names under which the virtual cluster itself is reached: no tenant of another one may serve them. */
function endpointNames({ sections }: ClusterContext): readonly string[] {
  return sections.endpoint.sans.filter((name) => isIP(name) === 0).map(canonical);
}

/** Tells of every object of one cache, now and upon each change, which host names it uses. */
type Source = (tell: (object: string, hostnames: readonly string[]) => void) => void;

/**
 * Everything that uses host names: what tenants want, as far as it may be had, and what the host has. While a copy is
 * there its names are not given back, whatever became of the tenant's object.
 */
function sourcesOf(context: ClusterContext, sides: SideRegistry): readonly Source[] {
  const { ingresses, gatewayApi } = context.sections.sync.toHost;
  const both = <T extends KubeObject>(
    resource: Resource,
    named: (object: T) => readonly Named[],
    shape: CacheShape<T> = {},
  ): readonly Source[] => [
    source('virtual', sides.virtual<T>(resource, shape), (object) => claimable(named(object), context)),
    source('host', sides.host<T>(resource, shape), (object) => named(object).map(({ hostname }) => hostname)),
  ];
  const ofIngress = (ingress: Ingress) => hostnamesOfIngress(ingress, context);
  const addOn = { optional: true };
  return [
    ...(ingresses.enabled ? both(RESOURCES.ingresses, ofIngress) : []),
    ...(gatewayApi.gateways ? both<Gateway>(RESOURCES.gateways, hostnamesOfGateway, addOn) : []),
    ...(gatewayApi.httpRoutes ? both<Route>(RESOURCES.httpRoutes, hostnamesOfRoute, addOn) : []),
    ...(gatewayApi.grpcRoutes ? both<Route>(RESOURCES.grpcRoutes, hostnamesOfRoute, addOn) : []),
    ...(gatewayApi.tlsRoutes ? both<Route>(RESOURCES.tlsRoutes, hostnamesOfRoute, addOn) : []),
  ];
}

function source<T extends KubeObject>(
  where: string,
  { cache }: Side<T>,
  hostnames: (object: T) => readonly string[],
): Source {
  const idOf = (object: T) => `${where} ${cache.resource.plural} ${keyOf(object)}`;
  return (tell) => {
    for (const object of cache.list()) tell(idOf(object), hostnames(object));
    cache.subscribe((change) => {
      if (change.kind === 'deleted') tell(idOf(change.previous), []);
      else tell(idOf(change.object), hostnames(change.object));
    });
  };
}
