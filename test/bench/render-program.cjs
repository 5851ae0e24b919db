// Measures the built library in a process of its own, in which nothing has been loaded yet. Arguments: how many virtual
// clusters, and in how many charts. Prints one line of JSON: times in milliseconds, memory in MB of 10^6 bytes.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const [clusters, charts] = process.argv.slice(2).map(Number);
const outdir = mkdtempSync(join(tmpdir(), 'sublet-bench-'));

const start = performance.now();
const { App, Chart } = require('cdk8s');
const loaded = performance.now();
const { Store, VirtualCluster } = require('../../dist/lib/cdk8s');
const imported = performance.now();

const app = new App({ outdir });
const scopes = Array.from({ length: charts }, (_, index) => new Chart(app, `chart-${index}`));
for (let index = 0; index < clusters; index += 1) {
  const props = { kubernetes: { version: '1.37' }, store: Store.sqlite() };
  new VirtualCluster(scopes[index % charts], `team-${index}`, props);
}
const constructed = performance.now();
app.synth();
const synthesized = performance.now();
rmSync(outdir, { recursive: true });

const figures = {
  cdk8s: loaded - start,
  library: imported - loaded,
  construct: constructed - imported,
  synth: synthesized - constructed,
  memory: (process.resourceUsage().maxRSS * 1024) / 1e6,
};
console.log(JSON.stringify(figures));
