import { mergePatch, subsetEqual } from '../../engine/diff';
import { hostMetadata } from '../../engine/metadata';
import { pick } from '../../engine/pick';
import { hostNameOf, hostNamespaceOf } from '../../engine/placement';
import type { Change, ClusterContext, Translation } from '../../engine/types';
import { checkHostnames } from '../hostnames';
import { hostnamesOfParents, hostnamesOfRoute } from '../hostnames-of';
import { toVirtualConditions } from './conditions';
import { HostRefs } from './host-refs';
import { type Attachment, attachments, parentKey } from './parents';
import { hostRule, type RouteFields } from './route-rule';
import type { GatewaySurroundings } from './surroundings';
import { GATEWAY_GROUP, type ParentStatus, type Route } from './types';

/** A kind of route. */
export interface RouteKind extends RouteFields {
  readonly kind: 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute';
}

/** The kinds of routes, each with the fields of its rules that refer to nothing and may be copied. */
export const ROUTE_KINDS = {
  http: {
    kind: 'HTTPRoute',
    plain: ['name', 'matches', 'timeouts', 'retry', 'sessionPersistence'],
    filters: true,
  },
  grpc: { kind: 'GRPCRoute', plain: ['name', 'matches', 'sessionPersistence'], filters: true },
  tls: { kind: 'TLSRoute', plain: ['name'], filters: false },
} as const satisfies { readonly [name: string]: RouteKind };

/**
 * The host's route for a virtual one. Whether it may be attached and may lead where it says, the virtual cluster's
 * listeners and grants decide, here: on the host all usually lies in one namespace, and nothing would be forbidden.
 * Without any parent left a route stays, and serves nothing.
 */
export function toHostRoute(
  v: Route,
  of: RouteKind,
  ctx: ClusterContext,
  surroundings: GatewaySurroundings,
): Translation<Route> {
  const check = checkHostnames(hostnamesOfRoute(v), ctx, surroundings.claimant);
  if (check.kind !== 'fine') return check;
  const inherited = checkHostnames(hostnamesOfParents(v, surroundings.gateway), ctx);
  if (inherited.kind !== 'fine') return inherited;
  const kind = { apiVersion: `${GATEWAY_GROUP}/v1`, kind: of.kind };
  const { parents, refs } = translated(v, of, ctx, surroundings);
  const rules = (v.spec?.rules ?? []).map((rule, index) => hostRule(rule, of, refs, `spec.rules[${index}]`));
  return {
    kind: 'object',
    object: {
      ...kind,
      metadata: hostMetadata(v, ctx, { kind }),
      spec: {
        parentRefs: parents.attachments.map(({ host }) => host),
        ...pick(v.spec, ['hostnames']),
        ...(v.spec?.rules && { rules }),
      },
    },
    warnings: [...parents.warnings, ...refs.denials],
  };
}

/** What the API puts where a rule leaves it out. */
const DEFAULTED = [
  'group',
  'kind',
  'weight',
  'matches',
  'path',
  'type',
  'value',
  'statusCode',
  'maxAge',
  'lifetimeType',
];

/** The writes that bring the host's route to what is desired. */
export function routeChanges(desired: Route, current: Route): readonly Change[] {
  const patch = mergePatch(desired, current, [
    { path: 'spec.parentRefs', hostAssigned: ['group', 'kind'] },
    'spec.hostnames',
    { path: 'spec.rules', hostAssigned: DEFAULTED },
  ]);
  return patch === undefined ? [] : [{ kind: 'patch', patch }];
}

/** The writes that bring what the host's controllers say about a route to the virtual one. */
export function routeToVirtual(
  host: Route,
  virtual: Route,
  of: RouteKind,
  ctx: ClusterContext,
  surroundings: GatewaySurroundings,
): readonly Change[] {
  const current = virtual.status?.parents ?? [];
  const said = host.status?.parents ?? [];
  if (current.length === 0 && said.length === 0) return [];
  const { parents, refs } = translated(virtual, of, ctx, surroundings);
  for (const [index, rule] of (virtual.spec?.rules ?? []).entries()) hostRule(rule, of, refs, `spec.rules[${index}]`);
  const { name = '', namespace = '' } = virtual.metadata;
  const home = hostNamespaceOf(namespace, ctx);
  const names = [
    ...refs.names,
    ...parents.attachments.map((one) => [one.host.name, one.virtual.name] as const),
    [hostNameOf(name, namespace, ctx, of.kind), name] as const,
    [home, namespace] as const,
  ];
  const desired = merged(
    said.flatMap(({ parentRef, controllerName, conditions }): ParentStatus[] => {
      const attachment = parents.attachments.find((one) => parentKey(one.host, home) === parentKey(parentRef, home));
      if (attachment === undefined) return [];
      const parts = { host, virtual, names, denials: refs.denials };
      return [{ ...parentOf(attachment), controllerName, conditions: toVirtualConditions(conditions, parts) }];
    }),
  );
  if (subsetEqual(desired, current) && subsetEqual(current, desired)) return [];
  return [{ kind: 'patch', subresource: 'status', patch: { status: { parents: desired } } }];
}

function translated(v: Route, of: RouteKind, ctx: ClusterContext, surroundings: GatewaySurroundings) {
  const from = { group: GATEWAY_GROUP, kind: of.kind, namespace: v.metadata.namespace ?? '' };
  return { parents: attachments(v, ctx, surroundings), refs: new HostRefs(from, ctx, surroundings) };
}

function parentOf({ virtual }: Attachment): Pick<ParentStatus, 'parentRef'> {
  return { parentRef: virtual };
}

/** Where one parent of the tenant's became several on the host, what is said about the first that accepts it counts. */
function merged(statuses: readonly ParentStatus[]): readonly ParentStatus[] {
  const byParent = new Map<string, ParentStatus>();
  for (const status of statuses) {
    const id = `${status.controllerName} ${JSON.stringify(status.parentRef)}`;
    const known = byParent.get(id);
    if (known === undefined || (!isAccepted(known) && isAccepted(status))) byParent.set(id, status);
  }
  return [...byParent.values()];
}

function isAccepted({ conditions = [] }: ParentStatus): boolean {
  return conditions.some(({ type, status }) => type === 'Accepted' && status === 'True');
}
