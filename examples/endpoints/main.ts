import { ApiObject, App, Chart } from 'cdk8s';
import { ExposedEndpoint, VirtualCluster } from 'sublet/cdk8s';

const app = new App();

// One listener for all teams. It passes TLS through, so that client certificates arrive at the virtual API servers.
const edge = new Chart(app, 'edge');
const namespace = new ApiObject(edge, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'edge' } });
const gateway = new ApiObject(edge, 'gateway', {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'edge', namespace: namespace.name },
  spec: {
    gatewayClassName: 'example',
    listeners: [
      {
        name: 'clusters',
        protocol: 'TLS',
        port: 443,
        hostname: '*.clusters.example.com',
        tls: { mode: 'Passthrough' },
        allowedRoutes: { namespaces: { from: 'All' } },
      },
    ],
  },
});

// team-a behind the Gateway: a TLSRoute in the team's namespace.
const a = new Chart(app, 'team-a');
const teamA = new VirtualCluster(a, 'team-a', { requires: ['endpoint'] });
const atGateway = new ExposedEndpoint(a, 'endpoint', {
  cluster: teamA,
  via: 'gateway',
  hostname: 'team-a.clusters.example.com',
  gateway: { name: gateway.name, namespace: namespace.name, listener: 'clusters' },
});

// team-b behind an Ingress controller that passes TLS through.
const b = new Chart(app, 'team-b');
const teamB = new VirtualCluster(b, 'team-b', { requires: ['endpoint'] });
const atIngress = new ExposedEndpoint(b, 'endpoint', {
  cluster: teamB,
  via: 'ingress',
  hostname: 'team-b.ingress.example.com',
  ingressClass: 'haproxy',
  controller: 'haproxy',
});

app.synth();
for (const { url } of [atGateway, atIngress]) console.log(url);
