import type { DnsConfig } from '../../../lib/contract';
import { type Ask, emptyReply } from '../../../syncer/dns/reply';
import { outsideOf } from '../../../syncer/dns/start';
import { RCODE, TYPE } from '../../../syncer/dns/wire/message';
import { addressRecord } from '../../../syncer/dns/wire/writer';

const HOST = { hostNameservers: ['10.96.0.10'], hostClusterDomain: 'host.local' };
const dns = (wishes: { forwardToHost?: boolean; upstream?: string[] }): DnsConfig => ({
  mode: 'embedded',
  forwardToHost: false,
  names: [],
  upstream: [],
  ...wishes,
});

/** Servers that know every name. */
const knowing = (): Ask => async (question) => ({
  ...emptyReply(RCODE.NOERROR),
  answers: [addressRecord(question.name, Uint8Array.of(10, 96, 0, 1), 30)],
});

async function rcodeOf(config: DnsConfig, hidesHost: boolean, name: string): Promise<number> {
  const { outside } = outsideOf(config, HOST, { hidesHost, asking: knowing });
  return (await outside({ name, type: TYPE.A, class: 1 }, { dnssecOk: false })).rcode;
}

describe('a name of the host, asked in the virtual cluster', () => {
  it.each<[how: string, config: DnsConfig, hidesHost: boolean, rcode: number]>([
    ['by default', dns({}), false, RCODE.NXDOMAIN],
    ['where the host is to be seen', dns({ forwardToHost: true }), false, RCODE.NOERROR],
    ['with isolation', dns({}), true, RCODE.NXDOMAIN],
    ['with isolation, although the host is to be seen', dns({ forwardToHost: true }), true, RCODE.NXDOMAIN],
    ['with isolation, from servers that are declared', dns({ upstream: ['10.96.0.10'] }), true, RCODE.NXDOMAIN],
  ])('%s', async (_how, config, hidesHost, rcode) => {
    expect(await rcodeOf(config, hidesHost, 'kubernetes.default.svc.host.local')).toBe(rcode);
    expect(await rcodeOf(config, hidesHost, 'example.com')).toBe(RCODE.NOERROR);
  });

  it('of which the virtual cluster knows none is not asked further', () => {
    const falls = (hidesHost: boolean) =>
      outsideOf(dns({ forwardToHost: true }), HOST, { hidesHost, asking: knowing }).fallsThrough;
    expect([falls(false), falls(true)]).toEqual([true, false]);
  });
});
