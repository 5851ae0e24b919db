import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type Ask, emptyReply, type Reply } from '../../../syncer/dns/reply';
import { createResolver } from '../../../syncer/dns/resolver';
import { type DnsServer, startDnsServer } from '../../../syncer/dns/server';
import { upstreamServers } from '../../../syncer/dns/upstream';
import { type Question, RCODE, TYPE } from '../../../syncer/dns/wire/message';
import { addressRecord } from '../../../syncer/dns/wire/writer';
import { furnishedCluster } from './fixtures';

const logger = { debug: () => undefined, warn: () => undefined };
const open: DnsServer[] = [];
const serve = async (ask: Ask): Promise<DnsServer> => {
  const server = await startDnsServer({ ask, addresses: ['127.0.0.1'], port: 0, logger });
  open.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const answering = (name: string, count: number): Reply => ({
  ...emptyReply(RCODE.NOERROR),
  answers: Array.from({ length: count }, (_, index) =>
    addressRecord(name, Uint8Array.of(192, 0, index >> 8, index & 255), 60),
  ),
});
const saying =
  (count: number): Ask =>
  async ({ name }) =>
    answering(name, count);
const failing =
  (rcode: number): Ask =>
  async () =>
    emptyReply(rcode);
const question: Question = { name: 'web.example.com', type: TYPE.A, class: 1 };
const asked = { dnssecOk: false };

describe('the DNS server, to a resolver that is not ours', () => {
  /** Node's resolver is c-ares. */
  async function resolverOf(ask: Ask): Promise<Resolver> {
    const { port } = await serve(ask);
    const resolver = new Resolver({ timeout: 2_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${port}`]);
    return resolver;
  }
  const inCluster = () =>
    resolverOf(
      createResolver({
        zone: furnishedCluster().zone,
        names: [],
        outside: saying(1),
        hostServices: failing(RCODE.NXDOMAIN),
        hostClusterDomain: undefined,
        fallsThrough: false,
        now: Date.now,
        random: Math.random,
      }),
    );

  it('answers every kind of question', async () => {
    const resolver = await inCluster();
    expect(await resolver.resolve4('web.shop.svc.cluster.local')).toEqual(['10.96.1.1']);
    expect(await resolver.resolve6('web.shop.svc.cluster.local')).toEqual(['fd00:10:96::1']);
    expect((await resolver.resolve4('db.shop.svc.cluster.local')).sort()).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.4']);
    expect(await resolver.resolveSrv('_http._tcp.web.shop.svc.cluster.local')).toEqual([
      { type: 'SRV', name: 'web.shop.svc.cluster.local', port: 80, priority: 0, weight: 100 },
    ]);
    expect(await resolver.reverse('10.0.0.1')).toEqual(['db-0.db.shop.svc.cluster.local']);
    expect(await resolver.reverse('fd00:10:96::1')).toEqual(['web.shop.svc.cluster.local']);
    expect(await resolver.resolveTxt('dns-version.cluster.local')).toEqual([['1.0.1']]);
    expect(await resolver.resolveSoa('cluster.local')).toMatchObject({ nsname: 'ns.dns.cluster.local', minttl: 5 });
    expect(await resolver.resolveCname('away.shop.svc.cluster.local')).toEqual(['web.example.com']);
    expect(await resolver.resolve4('away.shop.svc.cluster.local')).toEqual(['192.0.0.0']);
    await expect(resolver.resolve4('nothing.shop.svc.cluster.local')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolveMx('web.shop.svc.cluster.local')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('answers what does not fit into a datagram over TCP', async () => {
    const resolver = await resolverOf(saying(300));
    expect(await resolver.resolve4('many.example.com')).toHaveLength(300);
  });

  it('goes on after garbage, and a connection that says nothing keeps nobody out', async () => {
    const { port } = await serve(saying(1));
    const udp = createSocket('udp4');
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    const garbled = connect(port, '127.0.0.1');
    garbled.on('error', () => undefined);
    garbled.write(Buffer.alloc(5_000, 0xff));
    const closed = once(garbled, 'close');
    for (let length = 0; length < 40; length += 1) udp.send(Buffer.alloc(length, 0xc0), port, '127.0.0.1');
    await closed;
    const resolver = new Resolver({ timeout: 2_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${port}`]);
    expect(await resolver.resolve4('web.example.com')).toEqual(['192.0.0.0']);
    udp.close();
    idle.destroy();
  });
});

describe('other servers', () => {
  const upstream = (port: number, servers: readonly string[] = ['127.0.0.1'], tryMs = 100) =>
    upstreamServers({ servers, port, tryMs, totalMs: 1_000, randomId: () => 4_711 });

  it('are asked, over TCP as well where the answer is large', async () => {
    for (const count of [1, 300]) {
      const { port } = await serve(saying(count));
      expect((await upstream(port)(question, asked)).answers).toHaveLength(count);
    }
  });

  it.each<[string, number]>([
    ['that refuse', RCODE.REFUSED],
    ['that fail', RCODE.SERVFAIL],
  ])('%s are passed over, and the one that answered is asked first from then on', async (_what, rcode) => {
    const bad = await startDnsServer({ ask: failing(rcode), addresses: ['127.0.0.1'], port: 0, logger });
    const good = await startDnsServer({ ask: saying(1), addresses: ['127.0.0.2'], port: bad.port, logger });
    open.push(bad, good);
    const ask = upstream(bad.port, ['127.0.0.1', '127.0.0.2']);
    expect((await ask(question, asked)).answers).toHaveLength(1);
    await bad.close();
    open.splice(open.indexOf(bad), 1);
    expect((await ask(question, asked)).answers).toHaveLength(1);
  });

  it('that are silent are passed over after a while', async () => {
    const silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address();
    const good = await startDnsServer({ ask: saying(1), addresses: ['127.0.0.2'], port, logger });
    open.push(good);
    expect((await upstream(port, ['127.0.0.1', '127.0.0.2'])(question, asked)).answers).toHaveLength(1);
    silent.close();
  });

  it('that know a name not to exist are believed', async () => {
    const { port } = await serve(failing(RCODE.NXDOMAIN));
    expect((await upstream(port)(question, asked)).rcode).toBe(RCODE.NXDOMAIN);
  });

  it('that nobody is are a failure, at once', async () => {
    expect((await upstreamServers({ servers: [], randomId: () => 1 })(question, asked)).rcode).toBe(RCODE.SERVFAIL);
    const { port } = await serve(saying(1));
    await open.splice(0)[0]?.close();
    const began = performance.now();
    expect((await upstream(port, ['127.0.0.1'], 500)(question, asked)).rcode).toBe(RCODE.SERVFAIL);
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it('are believed only where the answer is one to the question', async () => {
    const forger = createSocket('udp4');
    forger.on('message', (bytes, { address, port }) => {
      const otherId = Buffer.from(bytes);
      otherId.writeUInt16BE(1, 0);
      otherId[2] = 0x81;
      const otherName = Buffer.from(bytes);
      otherName[13] = 0x78;
      otherName[2] = 0x81;
      for (const answer of [otherId, otherName, bytes]) forger.send(answer, port, address);
    });
    forger.bind(0, '127.0.0.1');
    await once(forger, 'listening');
    expect((await upstream(forger.address().port)(question, asked)).rcode).toBe(RCODE.SERVFAIL);
    forger.close();
  });

  it('are asked so much at a time and no more', async () => {
    const { port } = await serve(() => new Promise(() => undefined));
    const ask = upstreamServers({ servers: ['127.0.0.1'], port, totalMs: 200, concurrent: 1, randomId: () => 1 });
    const first = ask(question, asked);
    const began = performance.now();
    expect((await ask(question, asked)).rcode).toBe(RCODE.SERVFAIL);
    expect(performance.now() - began).toBeLessThan(100);
    await first;
  });
});
