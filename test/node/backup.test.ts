import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostName } from '../../lib/contract';
import { createTestCluster, sublet, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { deployment } from '../support/manifests';

const NAME = 'saved';
const STORE = 'data-saved-0';

/** What would be lost without a backup: the store on its volume. */
describe('a virtual cluster whose store was lost', () => {
  let cluster: TestCluster;
  let directory: string;
  const file = (): string => join(directory, 'saved.backup');
  const passphrase = (): string => join(directory, 'passphrase');
  /** The command as an operator runs it: with the kubeconfig of the host. */
  const operator = async (args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await sublet(args, { HOME: directory, KUBECONFIG: cluster.host.kubeconfig });
    if (code !== 0) throw new Error(`sublet ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };
  const pods = async (target: Pick<TestCluster, 'json'>, args: readonly string[]): Promise<readonly string[]> =>
    (await target.json(['get', 'pods', ...args])).items.map(
      ({ metadata }: { metadata: { uid: string } }) => metadata.uid,
    );

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sublet-backup-'));
    await writeFile(passphrase(), 'correct horse\n');
    cluster = await createTestCluster(NAME, ['--store', 'pvc']);
  }, 240_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  }, 120_000);

  it('comes back from a backup, while its workload runs on', async () => {
    await cluster.apply(deployment('steady', { replicas: 2 }));
    await cluster.kubectl(['rollout', 'status', 'deployment/steady', '--timeout=90s']);
    const before = await pods(cluster, ['-l', 'app=steady']);
    const selector = ['-n', cluster.namespace, '-l', `vcluster.loft.sh/namespace=default`];
    const onHost = await pods(cluster.host, selector);
    await operator(['backup', 'create', NAME, '-f', file(), '--passphrase-file', passphrase()]);
    expect((await stat(file())).mode & 0o777).toBe(0o600);

    await cluster.apply(deployment('young', { replicas: 1 }));
    await cluster.kubectl(['rollout', 'status', 'deployment/young', '--timeout=90s']);
    const [young] = (await cluster.json(['get', 'pods', '-l', 'app=young'])).items;
    const youngOnHost = hostName(young.metadata.name, 'default', NAME);
    // The volume is lost, and with it the store.
    await cluster.host.kubectl(['scale', `statefulset/${NAME}`, '--replicas=0', '-n', cluster.namespace]);
    await cluster.host.kubectl(['wait', '--for=delete', `pod/${NAME}-0`, '-n', cluster.namespace, '--timeout=60s']);
    await cluster.host.kubectl(['delete', 'pvc', STORE, '-n', cluster.namespace]);
    await cluster.host.kubectl(['scale', `statefulset/${NAME}`, '--replicas=1', '-n', cluster.namespace]);
    await eventually(
      async () =>
        (await cluster.host.json(['get', 'pod', `${NAME}-0`, '-n', cluster.namespace])).status.phase === 'Running',
      { what: 'the control plane with a blank store', timeoutMs: 90_000 },
    );

    await operator(['restore', NAME, '--from', file(), '--passphrase-file', passphrase(), '--as-new']);
    await eventually(async () => (await cluster.tryKubectl(['get', '--raw=/readyz'])).code === 0, {
      what: 'the restored API',
      timeoutMs: 60_000,
    });
    expect((await pods(cluster, ['-l', 'app=steady'])).toSorted()).toEqual(before.toSorted());
    await cluster.kubectl(['rollout', 'status', 'deployment/steady', '--timeout=90s']);
    expect(await pods(cluster.host, selector)).toEqual(expect.arrayContaining([...onHost]));
    expect((await cluster.json(['get', 'pods', '-l', 'app=young'])).items).toEqual([]);
    const runsOn = ['get', 'pod', youngOnHost, '-n', cluster.namespace];
    expect((await cluster.host.json(runsOn)).metadata.deletionTimestamp).toBeUndefined();

    await operator(['restore', NAME, '--accept']);
    await eventually(async () => (await cluster.host.tryKubectl(runsOn)).code !== 0, {
      what: 'what the backup does not know to go',
      timeoutMs: 90_000,
    });
    expect(await pods(cluster.host, selector)).toEqual(expect.arrayContaining([...onHost]));
  }, 400_000);

  it('refuses a backup of another cluster', async () => {
    const other = join(directory, 'other.backup');
    const header = { format: 'sublet-backup', version: 1, cluster: 'other', uid: 'u', kubernetes: '1', revision: 1 };
    await writeFile(other, `${JSON.stringify({ ...header, takenAt: new Date().toISOString() })}\n`);
    await expect(operator(['restore', NAME, '--from', other])).rejects.toThrow(/broken|another/);
  });
});
