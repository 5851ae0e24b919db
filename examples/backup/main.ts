import { App, Chart } from 'cdk8s';
import { Backup, Persistence, Store, VirtualCluster } from 'sublet/cdk8s';

const app = new App();

const teamA = new Chart(app, 'team-a');
const cluster = new VirtualCluster(teamA, 'team-a', {
  // A restore needs a volume that outlives the pod.
  store: Store.sqlite({ persistence: Persistence.volumeClaim({ size: '5Gi' }) }),
  requires: ['backup'],
});

// Another team's business: a chart, and so a file, of its own.
const operations = new Chart(app, 'team-a-backup', { namespace: cluster.namespace });
new Backup(operations, 'backup', {
  cluster,
  every: '6h',
  keep: 28,
  encryption: { secret: 'backup-passphrase' },
  to: {
    kind: 'objectStore',
    endpoint: 'https://s3.eu-central-1.amazonaws.com',
    region: 'eu-central-1',
    bucket: 'example-cluster-backups',
    prefix: 'clusters/',
    credentials: 'backup-bucket',
  },
});

app.synth();
