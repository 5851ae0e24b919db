import type { NameMapping } from '../../lib/contract';
import { CLUSTER_TTL, type ClusterZone, lookupInCluster, zoneAuthority } from './cluster-records';
import { hostServiceName } from './host-service-name';
import { addressBytes, isWithin, plainName } from './names';
import { type Ask, type AskOptions, emptyReply, FAILURE, type Reply } from './reply';
import { CLASS_IN, type Question, RCODE, type ResourceRecord, TYPE } from './wire/message';
import { addressRecord } from './wire/writer';

/** What {@link createResolver} puts together. */
export interface ResolverParts {
  readonly zone: ClusterZone;
  readonly names: readonly NameMapping[];
  /** Asks for names that are not the virtual cluster's. */
  readonly outside: Ask;
  /** Asks for a name of the host's Services. */
  readonly hostServices: Ask;
  readonly hostClusterDomain: string | undefined;
  /** Whether names of the cluster's domain that do not exist are asked outside. */
  readonly fallsThrough: boolean;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
  /** A number from 0 to 1, by which the order of addresses changes from answer to answer. */
  readonly random: () => number;
}

/** Names that lead to names that lead to names: more than these are taken for a circle. */
const MAX_ALIASES = 8;

/** Makes the one that answers what pods ask: mapped names first, then the cluster, then the world. */
export function createResolver(parts: ResolverParts): Ask {
  const { zone, outside, random } = parts;
  const mapped = new Map(parts.names.map(({ name, to }) => [plainName(name), to]));

  const resolve = async (question: Question, options: AskOptions, aliases: number): Promise<Reply> => {
    const to = mapped.get(question.name);
    return to === undefined ? fromZone(question, options, aliases) : fromMapping(question, to, options);
  };

  const fromMapping = async (question: Question, to: NameMapping['to'], options: AskOptions): Promise<Reply> => {
    const { name } = question;
    switch (to.kind) {
      case 'addresses':
        return addressesReply(question, to.addresses);
      case 'name': {
        const target = plainName(to.name);
        return renamed(await fromZone({ ...question, name: target }, options, 0), question, target);
      }
      case 'hostService': {
        const target = hostServiceName(to, parts.hostClusterDomain);
        return renamed(await parts.hostServices({ ...question, name: target }, options), { ...question, name }, target);
      }
    }
  };

  const fromZone = async (question: Question, options: AskOptions, aliases: number): Promise<Reply> => {
    const { name, type } = question;
    if (isWithin(name, zone.domain) && !zone.view.synced) return FAILURE;
    const found = lookupInCluster(name, type, zone);
    switch (found.kind) {
      case 'records':
        return {
          ...emptyReply(RCODE.NOERROR),
          authoritative: true,
          answers: shuffled(found.answers, random),
          additionals: found.additionals,
        };
      case 'alias':
        return followed(question, found.target, options, aliases);
      case 'no-data':
        return emptyReply(RCODE.NOERROR, [authority()]);
      case 'no-name':
        return parts.fallsThrough ? outside(question, options) : emptyReply(RCODE.NXDOMAIN, [authority()]);
      case 'outside':
        return outside(question, options);
    }
  };

  const followed = async (question: Question, target: string, options: AskOptions, aliases: number): Promise<Reply> => {
    const { name, type } = question;
    const data = { kind: 'name', name: target } as const;
    const alias: ResourceRecord = { name, type: TYPE.CNAME, class: CLASS_IN, ttl: CLUSTER_TTL, data };
    if (type === TYPE.CNAME) return { ...emptyReply(RCODE.NOERROR), authoritative: true, answers: [alias] };
    if (aliases >= MAX_ALIASES) return FAILURE;
    const reply = await resolve({ ...question, name: target }, options, aliases + 1);
    return { ...reply, answers: [alias, ...reply.answers] };
  };

  const authority = () => zoneAuthority(zone.domain, Math.floor(parts.now() / 1_000));

  return (question, options) => resolve({ ...question, name: plainName(question.name) }, options, 0);
}

function addressesReply({ name, type }: Question, addresses: readonly string[]): Reply {
  const records = addresses.flatMap((address) => {
    const bytes = addressBytes(address);
    return bytes === undefined ? [] : [addressRecord(name, bytes, MAPPED_TTL)];
  });
  const answers = records.filter((record) => record.type === type);
  return { ...emptyReply(RCODE.NOERROR), authoritative: true, answers };
}

/** Seconds: a mapping changes with the configuration only. */
const MAPPED_TTL = 30;

/**
 * A reply about `target` as one about the name that was asked for. Names in between are left out: they would tell the
 * tenant what things are called elsewhere.
 */
function renamed(reply: Reply, { name, type }: Question, target: string): Reply {
  const answers = reply.answers
    .filter((record) => record.type === type || (record.type !== TYPE.CNAME && plainName(record.name) === target))
    .map((record) => ({ ...record, name }));
  return { ...reply, answers, additionals: [] };
}

/** The same records in another order (Fisher and Yates), so that clients that take the first one spread. */
function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const all = [...items];
  for (let left = all.length; left > 1; ) {
    const chosen = Math.floor(random() * left);
    left -= 1;
    const [a, b] = [all[left], all[chosen]];
    if (a !== undefined && b !== undefined) [all[left], all[chosen]] = [b, a];
  }
  return all;
}
