import type { Service } from '../services/types';
import { type ClusterView, clusterIpsOf } from './cluster-view';
import { addressBytes, addressOfDashed, addressOfReverse, dashedAddress, isWithin } from './names';
import type { DnsEndpoint, DnsSlice } from './slices';
import { CLASS_IN, type ResourceRecord, TYPE } from './wire/message';
import { addressRecord } from './wire/writer';

/** What the virtual cluster has to say about a name. */
export type Lookup =
  | {
      readonly kind: 'records';
      readonly answers: readonly ResourceRecord[];
      readonly additionals: readonly ResourceRecord[];
    }
  /** The name is another word for `target`. */
  | { readonly kind: 'alias'; readonly target: string }
  /** There is such a name, but nothing of the type asked for. */
  | { readonly kind: 'no-data' }
  | { readonly kind: 'no-name' }
  /** The name is none of the virtual cluster's. */
  | { readonly kind: 'outside' };

/** A zone: the domain of the cluster, plainly written, and what is in it. */
export interface ClusterZone {
  readonly domain: string;
  readonly view: ClusterView;
}

/** Seconds for which an answer may be kept, as CoreDNS' plugin for Kubernetes has it: what is asked for is at hand. */
export const CLUSTER_TTL = 5;

/** The version of Kubernetes' DNS specification that is kept to here. */
const SPECIFICATION = '1.0.1';

/**
 * Looks up a name, plainly written, by the specification
 * https://github.com/kubernetes/dns/blob/master/docs/specification.md; where that leaves a choice, as CoreDNS does. Pure.
 */
export function lookupInCluster(name: string, type: number, zone: ClusterZone): Lookup {
  if (!isWithin(name, zone.domain)) return lookupReverse(name, type, zone);
  const above = name.slice(0, Math.max(0, name.length - zone.domain.length - 1));
  const [branch, ...path] = above === '' ? [] : above.split('.').reverse();
  switch (branch) {
    case undefined:
      return ofType(type, apexRecords(zone.domain));
    case 'svc':
      return lookupService(path, type, zone);
    case 'pod':
      return lookupPod(path, type, zone);
    case 'dns-version': {
      const bytes = Buffer.from(`\x05${SPECIFICATION}`, 'latin1');
      return path.length > 0 ? NO_NAME : ofType(type, [record(name, TYPE.TXT, { kind: 'raw', bytes })]);
    }
    case 'dns': {
      if (path.length === 0) return NO_DATA;
      const service = path.join('.') === 'ns' ? zone.view.service('kube-system', 'kube-dns') : undefined;
      return service === undefined ? NO_NAME : ofType(type, addressRecords(name, clusterIpsOf(service)));
    }
    default:
      return NO_NAME;
  }
}

/** The record that says for how long an answer in the negative may be kept. Its serial is `now`, in seconds. */
export function zoneAuthority(domain: string, now: number): ResourceRecord {
  const times = { serial: now >>> 0, refresh: 7_200, retry: 1_800, expire: 86_400, minimum: CLUSTER_TTL };
  const names = { primary: `ns.dns.${domain}`, mailbox: `hostmaster.${domain}` };
  return record(domain, TYPE.SOA, { kind: 'soa', ...names, ...times });
}

const NO_DATA: Lookup = { kind: 'no-data' };
const NO_NAME: Lookup = { kind: 'no-name' };

function apexRecords(domain: string): readonly ResourceRecord[] {
  return [zoneAuthority(domain, 1), record(domain, TYPE.NS, { kind: 'name', name: `ns.dns.${domain}` })];
}

/** `path`: namespace, Service, and what may stand before: an endpoint, or protocol and port. */
function lookupService(path: readonly string[], type: number, { domain, view }: ClusterZone): Lookup {
  const [namespace, name, ...rest] = path;
  if (namespace === undefined) return NO_DATA;
  if (name === undefined) return view.hasNamespace(namespace) ? NO_DATA : NO_NAME;
  const service = view.service(namespace, name);
  if (service === undefined) return NO_NAME;
  const { spec } = service;
  if (spec?.type === 'ExternalName') {
    return rest.length === 0 && spec.externalName ? alias(spec.externalName) : NO_NAME;
  }
  const fullName = `${name}.${namespace}.svc.${domain}`;
  const named = { service, fullName, slices: () => view.slices(namespace, name) };
  const [first, second, ...more] = rest;
  if (more.length > 0) return NO_NAME;
  if (first === undefined) return wholeService(named, type);
  if (!first.startsWith('_')) return second === undefined ? oneEndpoint(first, named, type) : NO_NAME;
  return servicePorts(named, type, first.slice(1), second);
}

interface NamedService {
  readonly service: Service;
  readonly fullName: string;
  readonly slices: () => readonly DnsSlice[];
}

function isHeadless({ spec }: Service): boolean {
  return spec?.clusterIP === 'None';
}

function wholeService(named: NamedService, type: number): Lookup {
  const { service, fullName } = named;
  if (type === TYPE.SRV) return servicePorts(named, type);
  if (!isHeadless(service)) return ofType(type, addressRecords(fullName, clusterIpsOf(service)));
  const addresses = named.slices().flatMap(({ endpoints }) => endpoints.map(({ address }) => address));
  return addresses.length === 0 ? NO_NAME : ofType(type, addressRecords(fullName, addresses));
}

function oneEndpoint(hostname: string, { fullName, slices }: NamedService, type: number): Lookup {
  const addresses = slices().flatMap(({ endpoints }) =>
    endpoints.filter((endpoint) => hostnameOf(endpoint) === hostname).map(({ address }) => address),
  );
  return addresses.length === 0 ? NO_NAME : ofType(type, addressRecords(`${hostname}.${fullName}`, addresses));
}

interface PortTarget {
  readonly port: number;
  readonly target: string;
  readonly addresses: readonly string[];
}

/** Without `port`, all ports of the protocol; without `protocol`, all ports. */
function servicePorts(named: NamedService, type: number, protocol?: string, port?: string): Lookup {
  const owner = [...(port === undefined ? [] : [port]), ...(protocol === undefined ? [] : [`_${protocol}`])];
  const name = [...owner, named.fullName].join('.');
  if (port !== undefined && !port.startsWith('_')) return NO_NAME;
  const wanted = (candidate: { readonly name?: string; readonly protocol?: string }): boolean =>
    (port === undefined || candidate.name === port.slice(1)) &&
    (protocol === undefined || (candidate.protocol ?? 'TCP').toLowerCase() === protocol);
  const targets = isHeadless(named.service) ? endpointPorts(named, wanted) : clusterPorts(named, wanted);
  if (targets.length === 0) return NO_NAME;
  if (type !== TYPE.SRV) return NO_DATA;
  const weight = Math.max(1, Math.floor(100 / targets.length));
  const answers = targets.map(({ port: number, target }) =>
    record(name, TYPE.SRV, { kind: 'srv', priority: 0, weight, port: number, name: target }),
  );
  const addresses = new Map(targets.map(({ target, addresses: all }) => [target, all]));
  const additionals = [...addresses].flatMap(([target, all]) => addressRecords(target, all));
  return { kind: 'records', answers, additionals };
}

type WantedPort = (port: { readonly name?: string; readonly protocol?: string }) => boolean;

function clusterPorts({ service, fullName }: NamedService, wanted: WantedPort): readonly PortTarget[] {
  const addresses = clusterIpsOf(service);
  const ports = (service.spec?.ports ?? []).filter(wanted);
  return ports.map(({ port }) => ({ port, target: fullName, addresses }));
}

function endpointPorts({ fullName, slices }: NamedService, wanted: WantedPort): readonly PortTarget[] {
  const targets = new Map<string, { port: number; target: string; addresses: string[] }>();
  for (const { endpoints, ports } of slices()) {
    for (const { port } of ports.filter(wanted)) {
      if (port === undefined) continue;
      for (const endpoint of endpoints) {
        const target = `${hostnameOf(endpoint)}.${fullName}`;
        const known = targets.get(`${port} ${target}`);
        if (known === undefined) targets.set(`${port} ${target}`, { port, target, addresses: [endpoint.address] });
        else known.addresses.push(endpoint.address);
      }
    }
  }
  return [...targets.values()];
}

function hostnameOf({ hostname, address }: DnsEndpoint): string {
  return hostname ?? dashedAddress(address);
}

/** Any address is that of a pod in any namespace: the deprecated part of the specification, which old clients ask for. */
function lookupPod(path: readonly string[], type: number, { domain, view }: ClusterZone): Lookup {
  const [namespace, dashed, ...more] = path;
  if (namespace === undefined) return NO_DATA;
  if (more.length > 0 || !view.hasNamespace(namespace)) return NO_NAME;
  if (dashed === undefined) return NO_DATA;
  const address = addressOfDashed(dashed);
  return address === undefined
    ? NO_NAME
    : ofType(type, addressRecords(`${dashed}.${namespace}.pod.${domain}`, [address]));
}

function lookupReverse(name: string, type: number, { domain, view }: ClusterZone): Lookup {
  const address = addressOfReverse(name);
  if (address === undefined) return { kind: 'outside' };
  const services = view.servicesAt(address).map(({ metadata }) => `${metadata.name}.${metadata.namespace}`);
  const names = services.length > 0 ? services : endpointsAt(address, view);
  if (names.length === 0) return { kind: 'outside' };
  const records = [...new Set(names)].map((target) =>
    record(name, TYPE.PTR, { kind: 'name', name: `${target}.svc.${domain}` }),
  );
  return ofType(type, records);
}

/** Names that pods chose come before those that were made of addresses. */
function endpointsAt(address: string, view: ClusterView): readonly string[] {
  const found = view.slicesAt(address).flatMap((slice) => {
    const { namespace, labels } = slice.metadata;
    const service = labels?.['kubernetes.io/service-name'];
    return slice.endpoints
      .filter((endpoint) => endpoint.address === address)
      .map((endpoint) => ({ chosen: endpoint.hostname, name: `${hostnameOf(endpoint)}.${service}.${namespace}` }));
  });
  const chosen = found.filter((endpoint) => endpoint.chosen !== undefined);
  return (chosen.length > 0 ? chosen : found).map(({ name }) => name);
}

function alias(target: string): Lookup {
  return { kind: 'alias', target: target.toLowerCase().replace(/\.$/, '') };
}

function addressRecords(name: string, addresses: readonly string[]): readonly ResourceRecord[] {
  return [...new Set(addresses)].flatMap((address) => {
    const bytes = addressBytes(address);
    return bytes === undefined ? [] : [addressRecord(name, bytes, CLUSTER_TTL)];
  });
}

function ofType(type: number, records: readonly ResourceRecord[]): Lookup {
  const answers = records.filter((candidate) => candidate.type === type);
  return answers.length === 0 ? NO_DATA : { kind: 'records', answers, additionals: [] };
}

function record(name: string, type: number, data: ResourceRecord['data']): ResourceRecord {
  return { name, type, class: CLASS_IN, ttl: CLUSTER_TTL, data };
}
