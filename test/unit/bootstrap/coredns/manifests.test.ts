import { type CoreDnsOptions, coreDnsManifests } from '../../../../syncer/bootstrap';

const options = (forwardToHost: boolean, hostNameservers = ['10.96.0.10', 'fd00::a']): CoreDnsOptions => ({
  config: { clusterDomain: 'team.local', dns: { image: 'coredns:1', replicas: 2, forwardToHost } },
  hostNameservers,
});
const objectsOf = (given: CoreDnsOptions) =>
  new Map(coreDnsManifests(given).map(({ object }) => [`${object.kind}/${object.metadata.name}`, object]));
const corefileOf = (given: CoreDnsOptions) =>
  JSON.parse(JSON.stringify(objectsOf(given).get('ConfigMap/coredns'))).data.Corefile;

describe('CoreDNS of a virtual cluster', () => {
  it('is applied in an order in which each object finds what it needs', () => {
    expect([...objectsOf(options(false)).keys()]).toEqual([
      'ServiceAccount/coredns',
      'ClusterRole/system:coredns',
      'ClusterRoleBinding/system:coredns',
      'ConfigMap/coredns',
      'Service/kube-dns',
      'Deployment/coredns',
    ]);
  });

  it('hides the host’s names and asks the node’s resolvers for all others', () => {
    const corefile = corefileOf(options(false));
    expect(corefile).toContain('kubernetes team.local in-addr.arpa ip6.arpa {');
    expect(corefile).toContain('fallthrough in-addr.arpa ip6.arpa\n');
    expect(corefile).toContain('forward . /etc/resolv.conf {');
    expect(corefile).not.toContain('10.96.0.10');
  });

  it('passes unknown names on to the host’s DNS when that is wanted', () => {
    const corefile = corefileOf(options(true));
    expect(corefile).toMatch(/fallthrough\n/);
    expect(corefile).toContain('forward . 10.96.0.10 fd00::a {');
  });

  it('hides the host’s names where the host’s DNS is unknown', () => {
    expect(corefileOf(options(true, []))).toContain('forward . /etc/resolv.conf {');
  });

  it('is a pod that any pod-security policy lets pass', () => {
    const deployment = objectsOf(options(false)).get('Deployment/coredns');
    expect(deployment).toMatchObject({
      spec: {
        replicas: 2,
        template: {
          metadata: { labels: { 'k8s-app': 'kube-dns' } },
          spec: {
            dnsPolicy: 'Default',
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                image: 'coredns:1',
                ports: [{ containerPort: 1053 }, { containerPort: 1053 }, { containerPort: 9153 }],
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
              },
            ],
          },
        },
      },
    });
  });

  it('answers at the port that resolvers use', () => {
    expect(objectsOf(options(false)).get('Service/kube-dns')).toMatchObject({
      metadata: { namespace: 'kube-system' },
      spec: {
        selector: { 'k8s-app': 'kube-dns' },
        ports: [
          { port: 53, protocol: 'UDP', targetPort: 1053 },
          { port: 53, protocol: 'TCP', targetPort: 1053 },
          { port: 9153, protocol: 'TCP' },
        ],
      },
    });
  });
});
