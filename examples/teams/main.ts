import { App, Chart } from 'cdk8s';
import { VirtualCluster } from 'sublet/cdk8s';
import teams from './teams.json' with { type: 'json' };

const app = new App();

for (const { name } of teams) {
  const chart = new Chart(app, name);
  new VirtualCluster(chart, name, {
    // Declared in policies.ts. Until they are there, nothing of the team's reaches the host.
    requires: ['nodes', 'sync'],
  });
}

app.synth();
