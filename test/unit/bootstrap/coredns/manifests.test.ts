import type { DnsConfig, NameMapping } from '../../../../lib/contract';
import { CORE_DNS_OBJECTS, type DnsParts, dnsManifests, removeCoreDns } from '../../../../syncer/bootstrap';
import { apiVersionOf } from '../../../../syncer/kube/resources';

type CoreDns = DnsConfig & { mode: 'coredns' };

const parts = (wishes: Partial<CoreDns> = {}, hostNameservers = ['10.96.0.10', 'fd00::a']): DnsParts => ({
  config: {
    clusterDomain: 'team.local',
    dns: {
      mode: 'coredns',
      image: 'coredns:1',
      replicas: 2,
      resources: { requests: { cpu: '1m' }, limits: { memory: '64Mi' } },
      forwardToHost: false,
      names: [],
      upstream: [],
      ...wishes,
    },
  },
  hostNameservers,
  hostClusterDomain: 'host.local',
});
const embedded: DnsParts = {
  ...parts(),
  config: { clusterDomain: 'team.local', dns: { mode: 'embedded', forwardToHost: false, names: [], upstream: [] } },
};
const objectsOf = (given: DnsParts) =>
  new Map(dnsManifests(given).map(({ object }) => [`${object.kind}/${object.metadata.name}`, object]));
const corefileOf = (given: DnsParts): string =>
  JSON.parse(JSON.stringify(objectsOf(given).get('ConfigMap/coredns'))).data.Corefile;

describe('CoreDNS of a virtual cluster', () => {
  it('is applied in an order in which each object finds what it needs', () => {
    expect([...objectsOf(parts()).keys()]).toEqual([
      'ServiceAccount/coredns',
      'ClusterRole/system:coredns',
      'ClusterRoleBinding/system:coredns',
      'ConfigMap/coredns',
      'Service/kube-dns',
      'Deployment/coredns',
    ]);
  });

  it('hides the host’s names and asks the node’s resolvers for all others', () => {
    const corefile = corefileOf(parts());
    expect(corefile).toContain('kubernetes team.local in-addr.arpa ip6.arpa {');
    expect(corefile).toContain('fallthrough in-addr.arpa ip6.arpa\n');
    expect(corefile).toContain('forward . /etc/resolv.conf {');
    expect(corefile).not.toContain('10.96.0.10');
  });

  it('asks exactly the servers that are declared for names outside', () => {
    const corefile = corefileOf(parts({ upstream: ['192.0.2.53', '2001:db8::53'] }));
    expect(corefile).toContain('forward . 192.0.2.53 2001:db8::53 {');
    expect(corefile).not.toContain('resolv.conf');
  });

  it('passes unknown names on to the host’s DNS when that is wanted', () => {
    const corefile = corefileOf(parts({ forwardToHost: true }));
    expect(corefile).toMatch(/fallthrough\n/);
    expect(corefile).toContain('forward . 10.96.0.10 fd00::a {');
  });

  it('hides the host’s names where isolation is on, also from those who ask by address', () => {
    const corefile = corefileOf({ ...parts({ forwardToHost: true }), hidesHost: true });
    expect(corefile).toContain('template ANY ANY host.local {\n        rcode NXDOMAIN\n    }');
    expect(corefile).toMatch(/forward \. 10\.96\.0\.10 fd00::a \{\n[^}]*except host\.local\n/);
    expect(corefile).not.toContain('fallthrough');
  });

  it('answers its own names where they lie in the host’s domain, and hides all others there', () => {
    const inside = { ...parts({ forwardToHost: true }), hidesHost: true, hostClusterDomain: 'local' };
    expect(corefileOf(inside)).not.toContain('template');
    expect(corefileOf(inside)).toContain('except local\n');
  });

  it('hides the host’s names where the host’s DNS is unknown', () => {
    expect(corefileOf(parts({ forwardToHost: true }, []))).toContain('forward . /etc/resolv.conf {');
  });

  it('is a pod that any pod-security policy lets pass', () => {
    expect(objectsOf(parts()).get('Deployment/coredns')).toMatchObject({
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
                resources: { requests: { cpu: '1m' }, limits: { memory: '64Mi' } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
                },
              },
            ],
          },
        },
      },
    });
  });

  it('is what stock policies name: pods k8s-app=kube-dns that listen on port 53 themselves', () => {
    const objects = objectsOf(parts());
    expect(objects.get('Service/kube-dns')).toMatchObject({
      metadata: { namespace: 'kube-system' },
      spec: {
        selector: { 'k8s-app': 'kube-dns' },
        ports: [
          { port: 53, protocol: 'UDP', targetPort: 53 },
          { port: 53, protocol: 'TCP', targetPort: 53 },
          { port: 9153, protocol: 'TCP' },
        ],
      },
    });
    expect(objects.get('Deployment/coredns')).toMatchObject({
      spec: {
        template: {
          metadata: { labels: { 'k8s-app': 'kube-dns' } },
          spec: {
            securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '53' }] },
            containers: [{ ports: [{ containerPort: 53 }, { containerPort: 53 }, { containerPort: 9153 }] }],
          },
        },
      },
    });
    expect(corefileOf(parts())).toMatch(/^\.:53 \{/);
  });

  it('keeps its pods apart as far as there are nodes and zones, and runs all the same where there are none', () => {
    const labelSelector = { matchLabels: { 'k8s-app': 'kube-dns' } };
    const spread = { maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector };
    expect(objectsOf(parts()).get('Deployment/coredns')).toMatchObject({
      spec: {
        template: {
          spec: {
            topologySpreadConstraints: [
              { ...spread, topologyKey: 'topology.kubernetes.io/zone' },
              { ...spread, topologyKey: 'kubernetes.io/hostname' },
            ],
            affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100 }] } },
          },
        },
      },
    });
  });
});

describe('a mapped name in CoreDNS', () => {
  const corefile = (to: NameMapping['to'], wishes: Partial<CoreDns> = {}) =>
    corefileOf(parts({ names: [{ name: 'db.example.com', to }], ...wishes }));

  it('is rewritten where it leads to another name', () => {
    expect(corefile({ kind: 'name', name: 'db.prod.svc.team.local' })).toContain(
      'rewrite stop name exact db.example.com db.prod.svc.team.local answer auto\n',
    );
  });

  it('has its addresses, and the pod’s own hosts file stays out of it', () => {
    const text = corefile({ kind: 'addresses', addresses: ['192.0.2.1', '2001:db8::1'] });
    expect(text).toMatch(/hosts \/dev\/null \{\s+192\.0\.2\.1 db\.example\.com\s+2001:db8::1 db\.example\.com\s/);
  });

  it('asks the host’s DNS for that one Service, and the usual servers for names below', () => {
    const text = corefile({ kind: 'hostService', namespace: 'shop', name: 'orders' }, { upstream: ['192.0.2.53'] });
    const block = text.slice(text.indexOf('db.example.com:53 {'));
    expect(block).toContain('rewrite stop name exact db.example.com orders.shop.svc.host.local answer auto\n');
    expect(block).toContain('forward orders.shop.svc.host.local 10.96.0.10 fd00::a\n');
    expect(block).toContain('forward . 192.0.2.53\n');
  });

  it('leads to no Service of the host where the host’s DNS is unknown', () => {
    const to: NameMapping['to'] = { kind: 'hostService', namespace: 'shop', name: 'orders' };
    expect(corefileOf(parts({ names: [{ name: 'db.example.com', to }] }, []))).not.toContain('db.example.com');
  });
});

describe('DNS served by the syncer', () => {
  it('is a Service without a selector: no pod of the virtual cluster is behind it', () => {
    const objects = objectsOf(embedded);
    expect([...objects.keys()]).toEqual(['Service/kube-dns']);
    expect(objects.get('Service/kube-dns')).not.toHaveProperty('spec.selector');
    expect(objects.get('Service/kube-dns')).toMatchObject({
      spec: {
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
    });
  });

  it('takes CoreDNS away in full when it is switched on, but nothing that was not ours', async () => {
    const deleted: string[] = [];
    const marked = { uid: 'u', annotations: { 'sublet.dev/content-hash': 'x' } };
    const client = {
      get: async ({ kind }: { kind: string }) => ({ metadata: kind === 'ConfigMap' ? { uid: 'u' } : marked }),
      delete: async ({ kind }: { kind: string }, _: string, name: string, { uid }: { uid: string }) => {
        deleted.push(`${kind}/${name}/${uid}`);
        return 'deleted';
      },
      list: async ({ kind }: { kind: string }) => ({
        items: (kind === 'Endpoints' ? ['kube-dns', 'metrics'] : ['kube-dns-x1']).map((name) => ({
          metadata: { name, uid: 'u' },
        })),
      }),
    };
    const made = dnsManifests(parts()).filter(({ object }) => object.kind !== 'Service');
    expect(CORE_DNS_OBJECTS.map(({ resource, name }) => `${apiVersionOf(resource)}/${resource.kind}/${name}`)).toEqual(
      expect.arrayContaining(made.map(({ object }) => `${object.apiVersion}/${object.kind}/${object.metadata.name}`)),
    );
    expect(CORE_DNS_OBJECTS).toHaveLength(made.length);
    await removeCoreDns(client as never, {});
    expect(deleted).toEqual([
      'Deployment/coredns/u',
      'ClusterRoleBinding/system:coredns/u',
      'ClusterRole/system:coredns/u',
      'ServiceAccount/coredns/u',
      'EndpointSlice/kube-dns-x1/u',
      'Endpoints/kube-dns/u',
    ]);
  });
});
