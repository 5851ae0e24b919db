import { App, Chart } from 'cdk8s';
import { VirtualCluster } from 'sublet/cdk8s';

const app = new App();
const chart = new Chart(app, 'team-a');

new VirtualCluster(chart, 'team-a', {
  nodes: {
    mode: 'selected',
    // The team sees these nodes of the host, and runs on no others.
    selector: { 'example.com/pool': 'team-a' },
    // A kube-scheduler inside the virtual cluster, so that the team's labels, taints and cordons count.
    scheduling: { by: 'own' },
  },
});

app.synth();
