import { randomInt } from 'node:crypto';
import { type DnsConfig, PORTS } from '../../lib/contract';
import type { Reflector } from '../kube/reflector-options';
import type { Cache, KubeClient, KubeObject } from '../kube/types';
import type { Logger } from '../observability/logger';
import type { Metrics } from '../observability/metrics';
import type { Service } from '../services/types';
import { remembering } from './answer-cache';
import { clusterView } from './cluster-view';
import { hiding } from './hiding';
import { USUAL_DOMAIN } from './host-service-name';
import { plainName } from './names';
import type { Ask } from './reply';
import { createResolver } from './resolver';
import { startDnsServer } from './server';
import { type DnsSlice, watchSlices } from './slices';
import { upstreamServers } from './upstream';
import { RCODE } from './wire/message';

/** What DNS in the syncer is made of. */
export interface DnsParts {
  readonly config: { readonly clusterDomain: string; readonly dns: DnsConfig };
  readonly host: { readonly hostNameservers: readonly string[]; readonly hostClusterDomain?: string | undefined };
  /** Whether names of the host stay hidden even where its DNS is asked for everything unknown. @default false */
  readonly hidesHost?: boolean;
  readonly virtual: KubeClient;
  readonly caches: { readonly namespaces: Cache<KubeObject>; readonly services: Cache<Service> };
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** DNS in the syncer, listening. Until the caches are filled, names of the cluster are answered `SERVFAIL`. */
export interface Dns {
  /** The watch that nobody but DNS needs. It has to be run. */
  readonly slices: Reflector<DnsSlice>;
  close(): Promise<void>;
}

/**
 * Serves DNS where the declaration says so; `undefined` where CoreDNS does.
 * @throws the system's error when it can't listen
 */
export async function startDns(parts: DnsParts): Promise<Dns | undefined> {
  const { config, caches, virtual, logger, metrics } = parts;
  if (config.dns.mode !== 'embedded') return undefined;
  const slices = watchSlices(virtual, logger);
  const answers = metrics.counter({
    name: 'sublet_dns_answers_total',
    help: 'Answers to DNS queries by response code and transport.',
    labels: ['rcode', 'transport'],
  });
  const server = await startDnsServer({
    ask: createResolver({
      zone: { domain: plainName(config.clusterDomain), view: clusterView({ ...caches, slices }) },
      names: config.dns.names,
      ...outsideOf(config.dns, parts.host, { hidesHost: parts.hidesHost ?? false, asking: askServers }),
      now: Date.now,
      random: Math.random,
    }),
    port: PORTS.dns,
    logger,
    observe: (rcode, transport) => answers.inc({ rcode: RCODE_NAMES.get(rcode) ?? String(rcode), transport }),
  });
  logger.info({ port: server.port }, 'DNS is served');
  return { slices, close: () => server.close() };
}

const RCODE_NAMES = new Map<number, string>(Object.entries(RCODE).map(([name, code]) => [code, name]));

/** How {@link outsideOf} asks. */
export interface OutsideOptions {
  /** Whether names of the host stay hidden whoever is asked. */
  readonly hidesHost: boolean;
  /** Asks one of these servers. */
  readonly asking: (servers: readonly string[]) => Ask;
}

/**
 * Who is asked for other names. The resolvers of the control-plane pod are usually the host cluster's DNS, which knows
 * the names of all its Services: they stay hidden unless they are to be seen, and where isolation is on, always.
 */
export function outsideOf(
  dns: DnsConfig,
  { hostNameservers, hostClusterDomain }: DnsParts['host'],
  { hidesHost, asking }: OutsideOptions,
) {
  const hidden = (ask: Ask): Ask => hiding(ask, plainName(hostClusterDomain ?? USUAL_DOMAIN));
  const seesHost = dns.forwardToHost && !hidesHost;
  const host = asking(hostNameservers);
  const hasUpstream = dns.upstream.length > 0 && !dns.forwardToHost;
  const upstream = asking(hasUpstream ? dns.upstream : hostNameservers);
  const isOpen = hasUpstream ? !hidesHost : seesHost;
  return {
    outside: remembering(isOpen ? upstream : hidden(upstream), Date.now),
    hostServices: remembering(host, Date.now),
    hostClusterDomain,
    fallsThrough: seesHost,
  };
}

const askServers = (servers: readonly string[]): Ask =>
  upstreamServers({ servers, randomId: () => randomInt(0x10000) });
