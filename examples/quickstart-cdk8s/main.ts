import { App, Chart } from 'cdk8s';
import { Persistence, Store, VirtualCluster } from 'sublet/cdk8s';

const app = new App();
const chart = new Chart(app, 'team-a');

const cluster = new VirtualCluster(chart, 'team-a', {
  kubernetes: { version: '1.37' },
  store: Store.sqlite({ persistence: Persistence.ephemeral() }),
});

app.synth();
console.log(`kubeconfig: Secret ${cluster.kubeconfigSecret.name} in namespace ${cluster.namespace}`);
