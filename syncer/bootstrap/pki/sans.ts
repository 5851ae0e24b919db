import { isIP, isIPv6, SocketAddress } from 'node:net';
import { METRICS_SERVICE } from '../../../lib/contract';
import type { PkiIdentity } from './types';

/** A subject alternative name, told apart as X.509 does it. */
export type San = { readonly type: 'ip' | 'dns'; readonly value: string };

/** Tells whether a name is an address, and brings it to the one spelling by which two names can be compared. */
export function toSan(name: string): San {
  const bare = name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
  if (isIPv6(bare)) return { type: 'ip', value: new SocketAddress({ address: bare, family: 'ipv6' }).address };
  if (isIP(bare) !== 0) return { type: 'ip', value: bare };
  return { type: 'dns', value: bare.toLowerCase() };
}

/** The names as {@link San}s, each once, in the order given. */
export function toSans(names: readonly string[]): readonly San[] {
  const byKey = new Map(names.map(toSan).map((san) => [`${san.type}:${san.value}`, san]));
  return [...byKey.values()];
}

/** The names by which clients inside and outside the virtual cluster may call its API server. */
export function apiServerSans(identity: PkiIdentity): readonly string[] {
  const { clusterDomain, serviceIps, extraSans } = identity;
  return [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${clusterDomain}`,
    ...loopbackNames,
    ...hostServiceNames(identity),
    ...serviceIps,
    ...extraSans,
  ];
}

/** The names under which the syncer's kubelet API, webhook and metrics API are called, without the nodes' addresses. */
export function kubeletSans(identity: PkiIdentity): readonly string[] {
  return [...loopbackNames, METRICS_SERVICE.serverName, ...hostServiceNames(identity), ...identity.serviceIps];
}

const loopbackNames = ['localhost', '127.0.0.1', '::1'];

function hostServiceNames({ cluster, hostNamespace, hostClusterDomain }: PkiIdentity): readonly string[] {
  const service = `${cluster}.${hostNamespace}.svc`;
  const qualified = hostClusterDomain === undefined ? [] : [`${service}.${hostClusterDomain}`];
  return [cluster, `${cluster}.${hostNamespace}`, service, ...qualified, `*.${cluster}-headless.${hostNamespace}.svc`];
}
