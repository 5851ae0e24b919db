import { BY_ADDRESS, egressFacts, podAddresses, serviceAddresses } from '../../../syncer/app/egress-facts';
import { RESOURCES } from '../../../syncer/kube/resources';
import { egressDecision } from '../../../syncer/network/egress-decision';
import { nodeService } from '../../../syncer/nodes';
import type { Pod } from '../../../syncer/pods/types';
import type { Service } from '../../../syncer/services/types';
import { ARTICLE } from '../engine/context';
import { MemoryApi } from '../engine/memory-api';

const service = (name: string, spec: object): Service => ({
  metadata: { name, namespace: ARTICLE.hostNamespace },
  spec,
});
const pod = (name: string, ips: readonly string[], more: object = {}): Pod => ({
  metadata: { name, namespace: ARTICLE.hostNamespace },
  spec: { containers: [], ...more },
  status: { podIPs: ips.map((ip) => ({ ip })) },
});

/** What is known of addresses on a host that holds these. */
function facts(services: readonly Service[], pods: readonly Pod[] = []) {
  const host = new MemoryApi('host');
  for (const each of services) host.put(RESOURCES.services, each);
  for (const each of pods) host.put(RESOURCES.pods, each);
  const known = egressFacts(
    host.cache<Service>(RESOURCES.services, { indexers: { [BY_ADDRESS]: serviceAddresses } }),
    host.cache<Pod>(RESOURCES.pods, { indexers: { [BY_ADDRESS]: podAddresses } }),
    ARTICLE,
    new Set(['10.96.0.1']),
  );
  return { host, known };
}

const NODE = nodeService('worker-1.example', ARTICLE);
const NODE_AT: Service = { ...NODE, spec: { ...NODE.spec, clusterIP: '10.96.0.7' } };

describe('what is known of an address', () => {
  it('is the node whose host Service has it', () => {
    expect(facts([NODE_AT]).known.nodeAt('10.96.0.7')).toBe('worker-1.example');
    expect(facts([NODE_AT]).known.nodeAt('10.96.0.8')).toBeUndefined();
  });

  it('is not a node when the Service only looks like one of a node', () => {
    const forged: Service = { ...NODE_AT, metadata: { ...NODE_AT.metadata, ownerReferences: [] } };
    expect(facts([forged]).known.nodeAt('10.96.0.7')).toBeUndefined();
  });

  it.each<[string, string, boolean]>([
    ['a Service of ours', '10.96.0.9', true],
    ['the second family of a Service of ours', 'fd00::9', true],
    ['a pod of ours', '10.0.0.5', true],
    ['the second family of a pod of ours', 'fd00::5', true],
    ['a pod of ours on the network of its node, where others listen too', '192.0.2.1', false],
    ['nobody of ours', '10.0.0.6', false],
    ['a Service without an address', 'None', false],
    ['nothing', '', false],
  ])('tells whether it belongs to this cluster: that of %s', (_whose, address, expected) => {
    const { known } = facts(
      [
        service('web', { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9', 'fd00::9'] }),
        service('headless', { clusterIP: 'None', clusterIPs: ['None'] }),
        service('new', {}),
        service('external', { clusterIP: '' }),
      ],
      [pod('a', ['10.0.0.5', 'fd00::5']), pod('b', ['192.0.2.1'], { hostNetwork: true })],
    );
    expect(known.isOwn(address)).toBe(expected);
  });

  it('follows the host: an address that is given away belongs to us no longer', () => {
    const { host, known } = facts([service('web', { clusterIP: '10.96.0.9' })]);
    expect(known.isOwn('10.96.0.9')).toBe(true);
    host.remove(RESOURCES.services, `${ARTICLE.hostNamespace}/web`);
    expect(known.isOwn('10.96.0.9')).toBe(false);
  });

  it("is never that of the host's API server, even if a Service of ours claims it", () => {
    const { known } = facts([service('evil', { clusterIP: '10.96.0.1' })]);
    expect(known.isHostApi('10.96.0.1')).toBe(true);
    expect(egressDecision('10.96.0.1', 443, known)).toMatchObject({ kind: 'refuse' });
  });
});
