import type { IngressRule } from 'kubernetes-types/networking/v1';
import { matchesKey } from '../../lib/contract';
import type { ClusterContext } from '../engine/types';
import type { Gateway, Route } from './gateway/types';
import { CATCH_ALL, canonical, type Named } from './hostnames';
import type { Ingress } from './ingress';

/** Every host name that an Ingress serves or has certificates for. An ingress controller is everybody's. */
export function hostnamesOfIngress({ spec = {}, metadata }: Ingress, ctx: ClusterContext): readonly Named[] {
  const { defaultBackend, rules = [], tls = [] } = spec;
  const passing = ctx.sections.sync.annotations.toHost.ingresses ?? [];
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => matchesKey(passing, key));
  return [
    ...(defaultBackend === undefined ? [] : [shared('spec.defaultBackend', undefined)]),
    ...rules.map(({ host }, index) => shared(`spec.rules[${index}].host`, host)),
    ...tls.flatMap(({ hosts = [] }, index) =>
      hosts.map((host, position) => shared(`spec.tls[${index}].hosts[${position}]`, host)),
    ),
    ...annotations.flatMap(([key, value]) =>
      hostsOfAnnotation(key, value, rules).map((host) => shared(`metadata.annotations[${key}]`, host)),
    ),
  ];
}

/** The host names for which a Gateway listens. A listener without one serves what its routes name. */
export function hostnamesOfGateway({ spec }: Gateway): readonly Named[] {
  return (spec?.listeners ?? []).flatMap(({ hostname }, index) =>
    hostname ? [{ field: `spec.listeners[${index}].hostname`, hostname: canonical(hostname), shared: false }] : [],
  );
}

/** The host names that a route gives. A Gateway's addresses may be those of all others of its class. */
export function hostnamesOfRoute({ spec }: Route): readonly Named[] {
  return (spec?.hostnames ?? []).map((hostname, index) => shared(`spec.hostnames[${index}]`, hostname));
}

/** What a route that gives no host name serves: all that its listeners do. */
export function hostnamesOfParents(
  { spec, metadata }: Route,
  gateway: (namespace: string, name: string) => Gateway | undefined,
): readonly Named[] {
  if ((spec?.hostnames ?? []).length > 0) return [];
  return (spec?.parentRefs ?? []).flatMap(({ namespace, name, sectionName, port }) => {
    const listeners = gateway(namespace ?? metadata.namespace ?? '', name)?.spec?.listeners ?? [];
    return listeners
      .filter((one) => (sectionName ?? one.name) === one.name && (port ?? one.port) === one.port)
      .map(({ hostname }) => shared('spec.hostnames', hostname));
  });
}

function shared(field: string, host: string | undefined): Named {
  return { field, hostname: canonical(host ?? ''), shared: true };
}

/** AWS' controller adds the hosts of such conditions to those of the Ingress. */
const ALB_CONDITIONS = 'alb.ingress.kubernetes.io/conditions.';
const WWW_REDIRECT = 'nginx.ingress.kubernetes.io/from-to-www-redirect';
const LISTS: ReadonlySet<string> = new Set([
  'nginx.ingress.kubernetes.io/server-alias',
  'haproxy-ingress.github.io/server-alias',
  'external-dns.alpha.kubernetes.io/hostname',
]);

/** The host names that an annotation adds to those of an Ingress. */
function hostsOfAnnotation(key: string, value: string, rules: readonly IngressRule[]): readonly string[] {
  if (key.startsWith(ALB_CONDITIONS)) return hostsOfConditions(value);
  if (LISTS.has(key)) return value.split(/[\s,]+/).filter((host) => host !== '');
  if (key !== WWW_REDIRECT || value !== 'true') return [];
  return rules.flatMap(({ host }) => {
    if (!host) return [];
    return [host.startsWith('www.') ? host.slice('www.'.length) : `www.${host}`];
  });
}

/** The values of `host-header` conditions. Whatever else they may match counts as everything. */
function hostsOfConditions(text: string): readonly string[] {
  return listIn(text).flatMap((one) => {
    if (!isMembers(one) || one.field !== 'host-header') return [];
    const { values, ...others } = isMembers(one.hostHeaderConfig) ? one.hostHeaderConfig : {};
    const listed = Array.isArray(values) ? values : [];
    const hosts = listed.map((value: unknown) => (typeof value === 'string' ? value : CATCH_ALL));
    return Object.keys(others).length > 0 ? [...hosts, CATCH_ALL] : hosts;
  });
}

/** What is no list stays behind, see `hostAlbConditions`. */
function listIn(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isMembers(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
