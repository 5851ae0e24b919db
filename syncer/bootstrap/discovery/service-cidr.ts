import { BlockList, isIPv6 } from 'node:net';
import type { ServiceSpec } from 'kubernetes-types/core/v1';
import { SubletError } from '../../../lib/contract';
import { ApiError } from '../../kube/api-error';
import { RESOURCES } from '../../kube/resources';
import type { KubeClient, KubeObject, RequestOptions } from '../../kube/types';
import { withRight } from '../host-rights';

/** What finding the host's service CIDR needs. */
export interface ServiceCidrParts {
  readonly client: KubeClient;
  /** A namespace in which Services may be created. */
  readonly namespace: string;
  /** ClusterIP of a Service of the host: its family comes first, and its range is looked for. */
  readonly knownIp: string;
  readonly options?: RequestOptions;
}

/**
 * The address range of the host's Services, one a family, in the form of kube-apiserver's `--service-cluster-ip-range`:
 * `10.96.0.0/16` or `10.96.0.0/16,fd00::/108`.
 *
 * No cluster-wide right is needed: an API server that is asked for a ClusterIP outside of its range names the range when
 * it refuses. Nothing is created, as the question is a dry run. Where the host has several ranges of a family (its
 * ServiceCIDR objects), the one that holds `knownIp` is taken.
 * @throws SubletError `HOST_RIGHTS` when Services can't be created, `HOST_SETUP` when the host does not tell
 */
export async function findServiceCidr(parts: ServiceCidrParts): Promise<string> {
  const known = familyOf(parts.knownIp);
  const listed = await listCidrs(parts);
  const primary = chooseRange(listed, parts.knownIp) ?? (await askUntilItHolds(known, parts));
  if (primary === undefined) {
    throw new SubletError('HOST_SETUP', 'the host does not tell the address range of its Services', {
      hint: 'Set networking.serviceCidr in the declaration of the virtual cluster.',
    });
  }
  const other = known === 'IPv4' ? 'IPv6' : 'IPv4';
  const secondary =
    listed.length > 0 ? listed.find((cidr) => familyOf(cidr) === other) : await askForRange(other, parts);
  return secondary === undefined ? primary : `${primary},${secondary}`;
}

/** The range that an API server names when it refuses a ClusterIP, or `undefined` when it says something else. */
export function rangeInRefusal(message: string): string | undefined {
  return /range of valid IPs is ([0-9a-fA-F:.]+\/\d+)/.exec(message)?.[1];
}

type Family = 'IPv4' | 'IPv6';

/** Addresses for documentation (RFC 5737, RFC 3849), which no cluster should use: asking for one is refused. */
const FOREIGN: { readonly [F in Family]: readonly string[] } = {
  IPv4: ['192.0.2.1', '198.51.100.1', '203.0.113.1'],
  IPv6: ['2001:db8::1', '3fff::1'],
};

/** With several ranges of a family, a dry run names any one of them. */
const ROUNDS = 8;

interface ServiceCidr extends KubeObject {
  readonly spec?: { readonly cidrs?: readonly string[] };
}

interface ProbeService extends KubeObject {
  readonly spec: ServiceSpec;
}

/** All ranges, where ServiceCIDR objects exist and may be read. */
async function listCidrs({ client, options }: ServiceCidrParts): Promise<readonly string[]> {
  try {
    const { items } = await client.list<ServiceCidr>(RESOURCES.serviceCidrs, {}, options);
    return items.flatMap(({ spec }) => spec?.cidrs ?? []);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return [];
    throw error;
  }
}

async function askUntilItHolds(family: Family, parts: ServiceCidrParts): Promise<string | undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    const range = await askForRange(family, parts);
    if (range === undefined || holds(range, parts.knownIp)) return range;
  }
  return undefined;
}

async function askForRange(family: Family, parts: ServiceCidrParts): Promise<string | undefined> {
  for (const clusterIP of FOREIGN[family]) {
    const refusal = await refusalOf(family, clusterIP, parts);
    const range = rangeInRefusal(refusal?.message ?? '');
    // Without a refusal the address is one of the host's after all.
    if (refusal !== undefined) return range !== undefined && familyOf(range) === family ? range : undefined;
  }
  return undefined;
}

async function refusalOf(family: Family, clusterIP: string, parts: ServiceCidrParts): Promise<ApiError | undefined> {
  const { client, namespace, options } = parts;
  const probe: ProbeService = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { generateName: 'sublet-range-', namespace },
    spec: { clusterIP, ipFamilies: [family], ipFamilyPolicy: 'SingleStack', ports: [{ port: 443, protocol: 'TCP' }] },
  };
  try {
    const create = () =>
      client.create<ProbeService>(RESOURCES.services, namespace, probe, { ...options, dryRun: true });
    await withRight({ verb: 'create', resource: 'services', namespace }, create);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 422) return error;
    throw error;
  }
}

function chooseRange(ranges: readonly string[], address: string): string | undefined {
  return ranges.find((range) => familyOf(range) === familyOf(address) && holds(range, address));
}

function holds(range: string, address: string): boolean {
  const [base = '', bits = ''] = range.split('/');
  const type = familyOf(address) === 'IPv6' ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(base, Number(bits), type);
  return list.check(address, type);
}

function familyOf(addressOrRange: string): Family {
  return isIPv6(addressOrRange.split('/', 1)[0] ?? '') ? 'IPv6' : 'IPv4';
}
