import { controlPlaneLabels, type NamespacesSection } from '../../../lib/contract';
import type { ClusterContext } from '../../../syncer/engine/types';
import { toHostEndpointSlice } from '../../../syncer/services/endpoint-slices';
import { toHostEndpoints } from '../../../syncer/services/endpoints';
import { toHostService } from '../../../syncer/services/translate';
import { ARTICLE } from '../engine/context';
import { service, slice } from './fixtures';

const EMBEDDED: ClusterContext = {
  ...ARTICLE,
  config: { ...ARTICLE.config, dns: { mode: 'embedded', forwardToHost: false, names: [], upstream: [] } },
};
const kubeDns = service('kube-dns', 'kube-system', {
  clusterIP: '10.96.0.53',
  clusterIPs: ['10.96.0.53'],
  ipFamilies: ['IPv4'],
  ipFamilyPolicy: 'SingleStack',
  type: 'ClusterIP',
  ports: [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 }],
});
const PORTS = [
  { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 },
  { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53 },
];

describe('the host Service of DNS that the syncer serves', () => {
  it('leads to the control plane, at the address that pods were told', () => {
    expect(toHostService(kubeDns, EMBEDDED)).toMatchObject({
      object: {
        metadata: { name: 'kube-dns-x-kube-system-x-my-vcluster' },
        spec: {
          type: 'ClusterIP',
          clusterIP: '10.96.0.53',
          clusterIPs: ['10.96.0.53'],
          ipFamilies: ['IPv4'],
          selector: controlPlaneLabels('my-vcluster'),
          publishNotReadyAddresses: true,
          ports: PORTS,
        },
      },
    });
  });

  it('shows nothing else of the control plane, whatever the tenant writes', () => {
    const greedy = service('kube-dns', 'kube-system', {
      ...kubeDns.spec,
      type: 'LoadBalancer',
      selector: { app: 'mine' },
      loadBalancerSourceRanges: ['0.0.0.0/0'],
      ports: [{ name: 'api', port: 8443, targetPort: 8443 }],
    });
    const translation = toHostService(greedy, EMBEDDED);
    expect(translation).toMatchObject({
      object: { spec: { type: 'ClusterIP', selector: controlPlaneLabels('my-vcluster'), ports: PORTS } },
    });
    expect(JSON.stringify(translation)).not.toMatch(/8443|loadBalancer/);
  });

  it('is like any other where CoreDNS answers, and in any other namespace', () => {
    for (const [given, context] of [
      [service('kube-dns', 'kube-system', { ...kubeDns.spec, selector: { 'k8s-app': 'kube-dns' } }), ARTICLE],
      [service('kube-dns', 'default', { ...kubeDns.spec, selector: { 'k8s-app': 'kube-dns' } }), EMBEDDED],
    ] as const) {
      expect(toHostService(given, context)).not.toMatchObject({
        object: { spec: { selector: controlPlaneLabels('my-vcluster') } },
      });
    }
  });

  it('lies where the control plane does, also where kube-system has a host namespace of its own', () => {
    const namespaces: NamespacesSection = {
      version: 1,
      mode: 'mapped',
      mappings: [{ virtual: '*', host: 'team-*' }],
      unmapped: 'single',
    };
    const spanning: ClusterContext = {
      ...EMBEDDED,
      sections: { ...EMBEDDED.sections, namespaces },
      isUsable: () => true,
    };
    const placed = { namespace: 'vcluster-my-vcluster', name: 'kube-dns-x-kube-system-x-my-vcluster' };
    expect(toHostService(kubeDns, spanning)).toMatchObject({ object: { metadata: placed } });
    const other = service('metrics', 'kube-system', kubeDns.spec);
    expect(toHostService(other, spanning)).toMatchObject({ object: { metadata: { namespace: 'team-kube-system' } } });
  });

  it('takes no endpoints of the tenant’s', () => {
    const endpoints = { metadata: { name: 'kube-dns', namespace: 'kube-system' }, subsets: [] };
    expect(toHostEndpoints(endpoints, kubeDns, EMBEDDED).kind).toBe('skip');
    const own = slice('kube-dns', 'kube-system', {});
    const labels = { 'kubernetes.io/service-name': 'kube-dns' };
    const byHand = { ...own, metadata: { ...own.metadata, labels } };
    expect(toHostEndpointSlice(byHand, kubeDns, EMBEDDED).kind).toBe('skip');
    expect(toHostEndpoints(endpoints, kubeDns, ARTICLE).kind).toBe('object');
  });
});
