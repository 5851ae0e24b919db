import { type RunningServer, startHealthServer } from '../../../syncer/observability/health';
import { createMetrics, type Metrics } from '../../../syncer/observability/metrics';
import { createReadiness, type Readiness } from '../../../syncer/observability/readiness';

let server: RunningServer;
let readiness: Readiness;
let metrics: Metrics;
let sick: string[];

beforeEach(async () => {
  readiness = createReadiness();
  metrics = createMetrics();
  sick = [];
  server = await startHealthServer(
    { readiness: readiness.reasons, liveness: () => sick, metrics },
    { port: 0, host: '127.0.0.1' },
  );
});
afterEach(() => server.close());

async function get(path: string, method = 'GET') {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

it('says that it lives, and why it does not', async () => {
  expect(await get('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
  sick = ['the queue stands still'];
  expect(await get('/healthz')).toMatchObject({ status: 503, body: 'the queue stands still\n' });
});

it('says that it is ready, and what it waits for', async () => {
  const host = readiness.gate('host', 'not reached yet');
  const caches = readiness.gate('caches', 'not filled yet');
  expect(await get('/readyz')).toMatchObject({ status: 503, body: 'host: not reached yet\ncaches: not filled yet\n' });
  host.ready();
  caches.ready();
  expect(await get('/readyz?verbose')).toMatchObject({ status: 200 });
  host.notReady('the host does not answer');
  expect((await get('/readyz')).body).toBe('host: the host does not answer\n');
});

it('gives the metrics, its own process among them', async () => {
  const counter = metrics.counter({ name: 'sublet_test_total', help: 'a test', labels: ['kind'] });
  counter.inc({ kind: 'Pod' });
  expect(metrics.counter({ name: 'sublet_test_total', help: 'a test', labels: ['kind'] })).toBe(counter);
  metrics.gauge({ name: 'sublet_depth', help: 'a test' }, () => 7);
  metrics.histogram({ name: 'sublet_wait_seconds', help: 'a test' }, [1, 2]).observe(1.5);
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const { status, type, body } = await get('/metrics');
    expect(status).toBe(200);
    expect(type).toContain('text/plain');
    expect(body).toContain('sublet_test_total{kind="Pod"} 1');
    expect(body).toContain('sublet_depth 7');
    expect(body).toContain('sublet_wait_seconds_bucket{le="2"} 1');
    expect(body).toContain('process_resident_memory_bytes');
  }
});

it('answers nothing else', async () => {
  expect((await get('/debug')).status).toBe(404);
  expect((await get('/healthz', 'POST')).status).toBe(405);
});
