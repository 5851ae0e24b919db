import { App, Chart } from 'cdk8s';
import { NodeSyncPolicy, SyncPolicy } from 'sublet/cdk8s';
import teams from './teams.json' with { type: 'json' };

// An app of its own, which could as well lie in another repository: of a cluster it knows the name, and nothing else.
const app = new App();

for (const { name, pool, ingresses } of teams) {
  const chart = new Chart(app, name);
  const cluster = { name };
  new NodeSyncPolicy(chart, 'nodes', {
    cluster,
    mode: 'selected',
    selector: { 'example.com/pool': pool },
  });
  new SyncPolicy(chart, 'sync', {
    cluster,
    toHost: { ingresses: { enabled: ingresses }, networkPolicies: { enabled: true } },
    fromHost: { ingressClasses: { enabled: ingresses, selector: { matchLabels: { 'example.com/tenants': 'yes' } } } },
  });
}

app.synth();
