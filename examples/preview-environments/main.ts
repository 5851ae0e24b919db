import { App, Chart } from 'cdk8s';
import { Persistence, Store, VirtualCluster } from 'sublet/cdk8s';

const { PREVIEW } = process.env;
if (PREVIEW === undefined) throw new Error('PREVIEW is not set: it is the name of the environment, such as pr-17');

const app = new App();
const chart = new Chart(app, 'preview');

new VirtualCluster(chart, PREVIEW, {
  // Whoever rebuilds the environment starts from nothing, so nothing has to be kept.
  store: Store.sqlite({ persistence: Persistence.ephemeral() }),
  // Requests so small that dozens of idle previews share a node, and limits that keep one from crowding out the others.
  controlPlane: {
    apiServer: { resources: { requests: { cpu: '20m', memory: '200Mi' }, limits: { memory: '512Mi' } } },
    controllerManager: { resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '128Mi' } } },
    syncer: { resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '192Mi' } } },
  },
  // DNS by the syncer: no pods besides the control plane and what is previewed.
  dns: { mode: 'embedded' },
});

app.synth();
