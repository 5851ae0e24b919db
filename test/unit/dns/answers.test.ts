import { remembering } from '../../../syncer/dns/answer-cache';
import { answerQuery } from '../../../syncer/dns/answer-query';
import { hiding } from '../../../syncer/dns/hiding';
import { type Ask, emptyReply, FAILURE, type Reply } from '../../../syncer/dns/reply';
import { createResolver, type ResolverParts } from '../../../syncer/dns/resolver';
import { type Message, type Question, RCODE, type ResourceRecord, TYPE } from '../../../syncer/dns/wire/message';
import { readMessage } from '../../../syncer/dns/wire/reader';
import { addressRecord, writeMessage } from '../../../syncer/dns/wire/writer';
import { furnishedCluster } from './fixtures';
import { shown } from './show';

const a = (name: string, last: number, ttl = 60): ResourceRecord =>
  addressRecord(name, Uint8Array.of(192, 0, 2, last), ttl);
const named = (name: string, type: number, target: string): ResourceRecord => ({
  name,
  type,
  class: 1,
  ttl: 60,
  data: { kind: 'name', name: target },
});
const answering = (...answers: ResourceRecord[]): Reply => ({ ...emptyReply(RCODE.NOERROR), answers });
const question = (name: string, type: number = TYPE.A): Question => ({ name, type, class: 1 });

/** The world: what it says to each name, and what it was asked. */
function world(replies: { readonly [name: string]: Reply } = {}): { readonly ask: Ask; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask: async ({ name }) => {
      asked.push(name);
      return replies[name] ?? emptyReply(RCODE.NXDOMAIN);
    },
  };
}

const noDnssec = { dnssecOk: false };

function resolver(wishes: Partial<ResolverParts> = {}): (name: string, type?: number) => Promise<Reply> {
  const ask = createResolver({
    zone: furnishedCluster().zone,
    names: [],
    outside: world().ask,
    hostServices: world().ask,
    hostClusterDomain: 'host.local',
    fallsThrough: false,
    now: () => 1_000_000,
    random: () => 0,
    ...wishes,
  });
  return (name, type) => ask(question(name, type), noDnssec);
}

describe('an answer', () => {
  it('knows no case', async () => {
    const reply = await resolver()('Web.Shop.SVC.cluster.LOCAL');
    expect(reply).toMatchObject({ rcode: RCODE.NOERROR, authoritative: true });
    expect(reply.answers.map(shown)).toEqual(['web.shop.svc.cluster.local A 10.96.1.1']);
  });

  it('in the negative tells for how long that holds', async () => {
    for (const [name, type, rcode] of [
      ['nothing.shop.svc.cluster.local', TYPE.A, RCODE.NXDOMAIN],
      ['db.shop.svc.cluster.local', TYPE.AAAA, RCODE.NOERROR],
    ] as const) {
      const reply = await resolver()(name, type);
      expect(reply).toMatchObject({ rcode, authoritative: true, answers: [] });
      expect(reply.authorities.map(shown)).toEqual([
        'cluster.local SOA ns.dns.cluster.local hostmaster.cluster.local 5',
      ]);
    }
  });

  it('is a failure, not a denial, as long as the cluster is not known', async () => {
    const cluster = furnishedCluster();
    cluster.services.synced = false;
    expect(await resolver({ zone: cluster.zone })('nothing.shop.svc.cluster.local')).toEqual(FAILURE);
  });

  it('to an ExternalName holds the alias and what it leads to', async () => {
    const { ask } = world({ 'web.example.com': answering(a('web.example.com', 7)) });
    const resolve = resolver({ outside: ask });
    expect((await resolve('away.shop.svc.cluster.local')).answers.map(shown)).toEqual([
      'away.shop.svc.cluster.local CNAME web.example.com',
      'web.example.com A 192.0.2.7',
    ]);
    expect((await resolve('mirror.shop.svc.cluster.local')).answers.map(shown)).toEqual([
      'mirror.shop.svc.cluster.local CNAME web.shop.svc.cluster.local',
      'web.shop.svc.cluster.local A 10.96.1.1',
    ]);
    expect((await resolve('away.shop.svc.cluster.local', TYPE.CNAME)).answers).toHaveLength(1);
  });

  it('comes to an end where names lead in a circle', async () => {
    expect((await resolver()('circle.shop.svc.cluster.local')).rcode).toBe(RCODE.SERVFAIL);
  });

  it('of names of the cluster never comes from outside, unless that is wanted', async () => {
    const outside = world({ 'api.infra.svc.cluster.local': answering(a('api.infra.svc.cluster.local', 1)) });
    expect((await resolver({ outside: outside.ask })('api.infra.svc.cluster.local')).rcode).toBe(RCODE.NXDOMAIN);
    expect(outside.asked).toEqual([]);
    const through = resolver({ outside: outside.ask, fallsThrough: true });
    expect((await through('api.infra.svc.cluster.local')).answers).toHaveLength(1);
    expect((await through('web.shop.svc.cluster.local')).answers.map(shown)).toEqual([
      'web.shop.svc.cluster.local A 10.96.1.1',
    ]);
  });
});

describe('a mapped name', () => {
  const names: ResolverParts['names'] = [
    { name: 'db.example.com', to: { kind: 'hostService', namespace: 'infra', name: 'db' } },
    { name: 'shop.example.com', to: { kind: 'name', name: 'web.shop.svc.cluster.local' } },
    { name: 'api.default.svc.cluster.local', to: { kind: 'name', name: 'api.example.com' } },
    { name: 'printer.example.com', to: { kind: 'addresses', addresses: ['192.0.2.1', '192.0.2.2', '2001:db8::1'] } },
  ];

  it('leads to a Service of the host, whose name is not told', async () => {
    const hostServices = world({
      'db.infra.svc.host.local': answering(
        named('db.infra.svc.host.local', TYPE.CNAME, 'pg.cloud.example'),
        a('pg.cloud.example', 5),
      ),
    });
    const reply = await resolver({ names, hostServices: hostServices.ask })('DB.example.com');
    expect(reply.answers.map(shown)).toEqual(['db.example.com A 192.0.2.5']);
    expect(hostServices.asked).toEqual(['db.infra.svc.host.local']);
  });

  it('leads to a name of the cluster, and one of the cluster to a name outside', async () => {
    const { ask } = world({ 'api.example.com': answering(a('api.example.com', 6)) });
    const resolve = resolver({ names, outside: ask });
    expect((await resolve('shop.example.com')).answers.map(shown)).toEqual(['shop.example.com A 10.96.1.1']);
    expect((await resolve('api.default.svc.cluster.local')).answers.map(shown)).toEqual([
      'api.default.svc.cluster.local A 192.0.2.6',
    ]);
  });

  it('leads to addresses of the family that is asked for', async () => {
    const resolve = resolver({ names });
    expect((await resolve('printer.example.com')).answers.map(shown)).toEqual([
      'printer.example.com A 192.0.2.1',
      'printer.example.com A 192.0.2.2',
    ]);
    expect((await resolve('printer.example.com', TYPE.AAAA)).answers).toHaveLength(1);
    expect(await resolve('printer.example.com', TYPE.MX)).toMatchObject({ rcode: RCODE.NOERROR, answers: [] });
  });

  it('says nothing of the names around it', async () => {
    const { ask, asked } = world();
    await resolver({ names, outside: ask })('x.db.example.com');
    expect(asked).toEqual(['x.db.example.com']);
  });
});

describe('names of the host', () => {
  it.each<[string, string, Reply]>([
    ['are not asked for', 'db.infra.svc.host.local', answering(a('db.infra.svc.host.local', 1))],
    [
      'are not told as names of addresses',
      '1.0.96.10.in-addr.arpa',
      answering(named('1.0.96.10.in-addr.arpa', TYPE.PTR, 'db.infra.svc.host.local')),
    ],
    [
      'are not reached by an alias',
      'trick.example.com',
      answering(named('trick.example.com', TYPE.CNAME, 'DB.infra.svc.host.local')),
    ],
    [
      'are not told as who is responsible',
      'x.example',
      { ...emptyReply(RCODE.NXDOMAIN), authorities: [a('host.local', 1)] },
    ],
  ])('%s', async (_what, name, reply) => {
    const ask = hiding(world({ [name]: reply }).ask, 'host.local');
    expect(await ask(question(name, TYPE.PTR), noDnssec)).toEqual(emptyReply(RCODE.NXDOMAIN));
  });

  it('leave all others as they are', async () => {
    const reply = answering(a('web.example.com', 1));
    const ask = hiding(world({ 'web.example.com': reply }).ask, 'host.local');
    expect(await ask(question('web.example.com'), noDnssec)).toEqual(reply);
  });
});

describe('what was asked outside', () => {
  const soa: ResourceRecord = {
    name: 'example.com',
    type: TYPE.SOA,
    class: 1,
    ttl: 300,
    data: { kind: 'soa', primary: 'ns', mailbox: 'm', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 10 },
  };
  it.each<[string, Reply, number]>([
    ['is kept for as long as it says', answering(a('x', 1, 20), a('x', 2, 9)), 9],
    ['is kept for half a minute at most', answering(a('x', 1, 3_600)), 30],
    ['is kept in the negative for as long as its zone says', { ...emptyReply(RCODE.NXDOMAIN), authorities: [soa] }, 10],
    ['is not kept in the negative where its zone says nothing', emptyReply(RCODE.NXDOMAIN), 0],
    ['is not kept when it failed', FAILURE, 0],
  ])('%s', async (_what, reply, seconds) => {
    let now = 0;
    const { ask, asked } = world({ x: reply });
    const cached = remembering(ask, () => now);
    await cached(question('x'), noDnssec);
    now = seconds * 1_000 - 1;
    if (seconds > 0) await cached(question('x'), noDnssec);
    expect(asked).toHaveLength(1);
    now = seconds * 1_000;
    await cached(question('x'), noDnssec);
    expect(asked).toHaveLength(2);
  });

  it('grows older', async () => {
    let now = 0;
    const cached = remembering(world({ x: answering(a('x', 1, 20)) }).ask, () => now);
    await cached(question('x'), noDnssec);
    now = 4_500;
    expect((await cached(question('x'), noDnssec)).answers[0]?.ttl).toBe(16);
  });

  it('is asked once by many, and forgotten where there is too much', async () => {
    const { ask, asked } = world({ x: answering(a('x', 1)), y: answering(a('y', 1)) });
    const cached = remembering(ask, () => 0, { entries: 1 });
    await Promise.all([cached(question('x'), noDnssec), cached(question('x'), noDnssec)]);
    expect(asked).toEqual(['x']);
    await cached(question('y'), noDnssec);
    await cached(question('x'), noDnssec);
    expect(asked).toEqual(['x', 'y', 'x']);
  });
});

describe('a query', () => {
  const query: Message = {
    id: 7,
    isResponse: false,
    opcode: 0,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: false,
    rcode: 0,
    questions: [question('x')],
    answers: [],
    authorities: [],
    additionals: [],
  };
  const addresses = Array.from({ length: 100 }, (_, index) => a('x', index));
  const { ask } = world({ x: answering(...addresses) });
  const edns = (udpSize: number, version = 0) => ({ udpSize, version, dnssecOk: false });
  const answerTo = async (wishes: Partial<Message>, transport: 'udp' | 'tcp' = 'udp') => {
    const answer = await answerQuery(writeMessage({ ...query, ...wishes }), transport, ask);
    const reading = answer && readMessage(answer.bytes);
    return { length: answer?.bytes.length ?? 0, message: reading?.kind === 'message' ? reading.message : undefined };
  };

  it.each<[string, Partial<Message>, Partial<Message>]>([
    ['of another kind', { opcode: 5 }, { rcode: RCODE.NOTIMP, opcode: 5 }],
    ['without a question', { questions: [] }, { rcode: RCODE.FORMERR }],
    ['with two questions', { questions: [question('x'), question('y')] }, { rcode: RCODE.FORMERR }],
    ['of another class', { questions: [{ ...question('x'), class: 3 }] }, { rcode: RCODE.REFUSED }],
    ['for everything of the zone', { questions: [question('x', TYPE.AXFR)] }, { rcode: RCODE.REFUSED }],
    ['for everything of a name', { questions: [question('x', TYPE.ANY)] }, { rcode: RCODE.NOTIMP }],
    ['of a later EDNS', { edns: edns(4_096, 1) }, { rcode: RCODE.BADVERS, edns: edns(1_232) }],
    ['for a name that nobody knows', { questions: [question('y')] }, { rcode: RCODE.NXDOMAIN }],
  ])('%s gets its code', async (_what, wishes, expected) => {
    expect((await answerTo(wishes)).message).toMatchObject({ id: 7, isResponse: true, ...expected });
  });

  it('that is an answer is met with silence', async () => {
    expect((await answerTo({ isResponse: true })).message).toBeUndefined();
  });

  it('that can not be read is told so, as far as it is one', async () => {
    const answer = await answerQuery(Buffer.from('0007010000010000000000003f', 'hex'), 'udp', ask);
    expect(answer && readMessage(answer.bytes)).toMatchObject({ message: { id: 7, rcode: RCODE.FORMERR } });
    expect(await answerQuery(Buffer.from('00'), 'udp', ask)).toBeUndefined();
  });

  it.each<[string, Partial<Message>, number]>([
    ['without EDNS', {}, 512],
    ['with EDNS that says too little', { edns: edns(100) }, 512],
    ['with EDNS', { edns: edns(800) }, 800],
    ['with EDNS that says too much', { edns: edns(65_535) }, 1_232],
  ])('%s gets what fits, and is told that there is more', async (_what, wishes, limit) => {
    const { length, message } = await answerTo(wishes);
    expect(length).toBeLessThanOrEqual(limit);
    expect(length).toBeGreaterThan(limit - 30);
    expect(message?.truncated).toBe(true);
  });

  it('over TCP gets everything', async () => {
    expect((await answerTo({}, 'tcp')).message).toMatchObject({ truncated: false, answers: { length: 100 } });
  });

  it('is answered whatever goes wrong', async () => {
    const answer = await answerQuery(writeMessage(query), 'udp', () => Promise.reject(new Error('bug')));
    expect(answer?.rcode).toBe(RCODE.SERVFAIL);
  });
});
