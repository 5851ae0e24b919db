import { type PodSpec, toHostPod } from '../../../syncer/pods';
import { podContext, translated, virtualPod } from './fixtures';

const searches = ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'];
const ndots = { name: 'ndots', value: '5' };
const clusterDns = { dnsPolicy: 'None', dnsConfig: { nameservers: ['10.96.0.53'], searches, options: [ndots] } };

describe('DNS of a host pod', () => {
  it.each<[string, Partial<PodSpec>, object]>([
    ["is the virtual cluster's by default", {}, clusterDns],
    ["is the virtual cluster's for ClusterFirst", { dnsPolicy: 'ClusterFirst' }, clusterDns],
    [
      "is the virtual cluster's for ClusterFirstWithHostNet",
      { dnsPolicy: 'ClusterFirstWithHostNet', hostNetwork: true },
      clusterDns,
    ],
    [
      "is the node's on the node's network",
      { dnsPolicy: 'ClusterFirst', hostNetwork: true },
      { dnsPolicy: 'ClusterFirst' },
    ],
    ["is the node's for Default", { dnsPolicy: 'Default' }, { dnsPolicy: 'Default' }],
    [
      "is the tenant's own for None",
      { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'] } },
      { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'] } },
    ],
    [
      "merges the tenant's servers, searches and options without repeating any",
      {
        dnsConfig: {
          nameservers: ['10.96.0.53', '1.1.1.1'],
          searches: ['corp', 'cluster.local'],
          options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
        },
      },
      {
        dnsPolicy: 'None',
        dnsConfig: {
          nameservers: ['10.96.0.53', '1.1.1.1'],
          searches: [...searches, 'corp'],
          options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
        },
      },
    ],
    [
      'keeps to the three servers that the API allows',
      { dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3'] } },
      { dnsConfig: { nameservers: ['10.96.0.53', '1.1.1.1', '1.1.1.2'] } },
    ],
  ])('%s', (_what, spec, expected) => {
    expect(translated(virtualPod({ spec })).spec).toMatchObject(expected);
  });

  it('keeps to the searches that the API allows', () => {
    const many = Array.from({ length: 32 }, (_, index) => `${'s'.repeat(60)}${index}.example.com`);
    const host = translated(virtualPod({ spec: { dnsConfig: { searches: many } } }));
    const kept = host.spec.dnsConfig?.searches ?? [];
    expect(kept.length).toBeLessThanOrEqual(32);
    expect(kept.join(' ').length).toBeLessThanOrEqual(2048);
    expect(kept.slice(0, 3)).toEqual(searches);
  });

  it.each([
    ['waits for the DNS Service that it needs', {}, 'wait'],
    ['does not wait for a DNS Service that it does not need', { dnsPolicy: 'Default' }, 'object'],
  ])('%s', (_what, spec, kind) => {
    expect(toHostPod(virtualPod({ spec }), podContext({ dnsServiceIP: undefined })).kind).toBe(kind);
  });
});
