import { waitForReady } from '../../../../cli/cluster/wait';
import { type Api, createApi } from '../../../../cli/kube/api';
import { type FakeApi, startFakeApi } from '../support/fake-api';
import { READY, statefulSet } from '../support/objects';

let fake: FakeApi;
let api: Api;
beforeEach(async () => {
  fake = await startFakeApi();
  api = createApi(fake.context);
});
afterEach(async () => {
  api.close();
  await fake[Symbol.asyncDispose]();
});

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'vc-a', namespace: 'teams' },
  data: { config: Buffer.from('kubeconfig').toString('base64') },
};
const options = (signal = new AbortController().signal) => ({
  api,
  name: 'a',
  namespace: 'teams',
  timeoutMs: 5000,
  signal,
});

describe('waiting for a virtual cluster', () => {
  it('ends when the control plane is ready and its kubeconfig is there', async () => {
    fake.put(statefulSet('a', 'teams'), 'statefulsets');
    const told: string[] = [];
    const onMissing = (missing: readonly string[]) => {
      told.push(...missing);
      fake.put(statefulSet('a', 'teams', READY), 'statefulsets');
      fake.put(secret, 'secrets');
    };
    await waitForReady({ ...options(), onMissing });
    expect(told).toEqual(['pod a-0 is not created yet']);
  });

  it('gives up after its time, naming what is missing and how to go on', async () => {
    fake.put(statefulSet('a', 'teams', READY), 'statefulsets');
    await expect(waitForReady({ ...options(), timeoutMs: 0 })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: '"a" is not ready after 0 s:\n  the syncer has not written the kubeconfig yet',
      hint: expect.stringContaining('sublet status a -n teams'),
    });
  });

  it('stops at Ctrl-C, leaves the cluster, and says how to go on', async () => {
    fake.put(statefulSet('a', 'teams'), 'statefulsets');
    const stop = new AbortController();
    const run = waitForReady({ ...options(stop.signal), onMissing: () => stop.abort() });
    await expect(run).rejects.toMatchObject({
      code: 'INTERRUPTED',
      hint: 'go on: sublet connect a -n teams\nor remove it: sublet delete a -n teams',
    });
    expect(fake.writes()).toEqual([]);
  });

  it('waits out a short outage of the host', async () => {
    fake.put(statefulSet('a', 'teams', READY), 'statefulsets');
    fake.put(secret, 'secrets');
    let away = await startFakeApi();
    const context = { ...away.context };
    await away[Symbol.asyncDispose]();
    const unreachable = createApi(context);
    const told: string[] = [];
    const stop = new AbortController();
    const onMissing = (missing: readonly string[]) => {
      told.push(...missing);
      stop.abort();
    };
    await expect(waitForReady({ ...options(stop.signal), api: unreachable, onMissing })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    expect(told).toEqual(['the host cluster does not answer']);
    away = fake;
  });
});
