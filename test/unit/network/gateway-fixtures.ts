import type { VirtualClusterOptions } from '../../../lib/spec';
import type { ClusterContext } from '../../../syncer/engine/types';
import { ROUTE_KINDS, type RouteKind, toHostRoute } from '../../../syncer/network/gateway/route';
import type { Gateway, Listener, ReferenceGrant, Route } from '../../../syncer/network/gateway/types';
import type { TrafficClass } from '../../../syncer/network/ingress-class';
import { ARTICLE } from '../engine/context';
import { sectionsOf } from '../engine/sections';

/** Labels of the virtual namespaces. */
export const NAMESPACES: { readonly [name: string]: { readonly [key: string]: string } } = {
  shop: { team: 'a' },
  bank: { team: 'b' },
  infra: {},
};
/** A host namespace for each virtual one. */
export const MAPPED: VirtualClusterOptions = {
  namespaces: { mode: 'mapped', mappings: [{ virtual: '*', host: 'mine-*' }] },
};

/** The virtual cluster that objects are translated for. */
export const context = (options: VirtualClusterOptions = {}): ClusterContext => ({
  ...ARTICLE,
  sections: sectionsOf({ isolation: { level: 'off' }, ...options }),
  labelsOfNamespace: (name) => NAMESPACES[name] ?? {},
});

/** What objects can refer to. */
export interface World {
  readonly gateways?: readonly Gateway[];
  readonly grants?: readonly ReferenceGrant[];
  readonly classes?: readonly TrafficClass[];
}

/** What translations look up of the world. */
export const around = ({ gateways = [], grants = [], classes = [] }: World = {}) => ({
  gatewayClass: (name: string) => classes.find(({ metadata }) => metadata.name === name),
  gateway: (namespace: string, name: string) =>
    gateways.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
  grants: (namespace: string) => grants.filter(({ metadata }) => metadata.namespace === namespace),
  namespaces: () => Object.entries(NAMESPACES).map(([name, labels]) => ({ name, labels })),
  gateways: () => gateways.map(({ metadata }) => ({ namespace: metadata.namespace ?? '', name: metadata.name ?? '' })),
});

/** A Gateway with these listeners. */
export const gateway = (listeners: readonly Partial<Listener>[], namespace = 'infra', more: object = {}): Gateway => ({
  metadata: { name: 'edge', namespace, uid: 'g1', generation: 3 },
  spec: {
    gatewayClassName: 'traefik',
    listeners: listeners.map((one, index) => ({ name: `l${index}`, port: 80, protocol: 'HTTP', ...one })),
    ...more,
  },
});

/** A route of the namespace `shop`. */
export const route = (spec: Route['spec'] = {}, status?: Route['status']): Route => ({
  metadata: { name: 'web', namespace: 'shop', uid: 'r1', generation: 5 },
  spec,
  ...(status && { status }),
});

/** Lets the kind of `shop` refer to something in a namespace. */
export const grant = (namespace: string, kind: string, to: object): ReferenceGrant => ({
  metadata: { name: 'g', namespace },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind, namespace: 'shop' }],
    to: [{ group: '', kind: 'Service', ...to }],
  },
});

/** The name of an object on the host. */
export const host = (name: string, namespace = 'shop'): string => `${name}-x-${namespace}-x-my-vcluster`;
/** The name that leads nowhere. */
export const NOWHERE = 'nowhere-x-my-vcluster';

/** What a translation made. Throws where it made nothing. */
export function translated<T>(translation: {
  readonly kind: string;
  readonly object?: T;
  readonly warnings?: readonly object[];
}) {
  if (translation.object === undefined) throw new Error(`not translated: ${JSON.stringify(translation)}`);
  return { object: translation.object, warnings: translation.warnings ?? [] };
}

/** A route on the host. */
export const toHost = (
  v: Route,
  world: World = {},
  of: RouteKind = ROUTE_KINDS.http,
  options: VirtualClusterOptions = {},
) => translated(toHostRoute(v, of, context(options), around(world)));
