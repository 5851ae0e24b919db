import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type KubectlTarget, kubectlTarget, sublet } from '../support/cluster';
import { output } from '../support/command';
import { inventory, kubeconfigText } from '../support/refusal';
import { sharedHost } from '../support/shared-host';
import { startSlowApi } from '../support/slow-api';

const COMMAND = resolve(__dirname, '../../dist/cli/sublet.cjs');
/** Part of the names of all that these tests make. */
const MARKS = /\bcut-/;

describe('a creation that does not come to its end', () => {
  let home: string;
  let host: KubectlTarget;
  let env: Record<string, string>;
  let before: readonly string[];
  beforeAll(async () => {
    const shared = await sharedHost();
    host = kubectlTarget(shared.kubeconfig);
    home = await mkdtemp(join(tmpdir(), 'sublet-cut-'));
    env = { HOME: home, KUBECONFIG: join(home, 'kubeconfig') };
    await output('cp', [shared.kubeconfig, join(home, 'kubeconfig')]);
    before = await inventory(host, MARKS);
  }, 120_000);
  afterAll(async () => {
    for (const name of ['cut-image', 'cut-apply', 'cut-wait', 'cut-dead']) {
      await sublet(['delete', name, '--ignore-not-found'], env);
    }
    await rm(home, { recursive: true, force: true });
  }, 120_000);
  afterEach(async () => expect(await inventory(host, MARKS)).toEqual(before));

  const exists = async (object: string, namespace: string): Promise<boolean> =>
    (await host.tryKubectl(['get', object, '-n', namespace])).code === 0;

  test('by an image that can not be pulled: exit code 3 and what is missing; deleting it leaves nothing', async () => {
    const image = ['--set', 'images.syncer=example.invalid/none:1'];
    const args = ['create', 'cut-image', '--store', 'ephemeral', '--timeout', '15', ...image];
    const { code, stdout, stderr } = await sublet([...args, '-o', 'json'], env);
    expect(code).toBe(3);
    const error = JSON.parse(stdout);
    expect(error).toMatchObject({ kind: 'Error', code: 'NOT_READY' });
    expect(error.message).toMatch(
      /cut-image-0 is Pending: Pulling image .*example\.invalid|container init waits .*example\.invalid/,
    );
    expect(error.hint).toContain('sublet delete cut-image -n vcluster-cut-image');
    expect(stderr).not.toMatch(/^error/m);
    expect(await sublet(['delete', 'cut-image'], env)).toMatchObject({ code: 0 });
  }, 180_000);

  test('by Ctrl-C between two objects: what was made is removed again', async () => {
    const shared = await sharedHost();
    await using slow = await startSlowApi(shared.kubeconfig, 300);
    const kubeconfig = join(home, 'slow');
    await writeFile(kubeconfig, kubeconfigText(slow.server, 'unused'));
    const seen = () => exists('serviceaccount/vc-cut-apply', 'vcluster-cut-apply');
    const { code, stderr } = await interrupted(['create', 'cut-apply'], { ...env, KUBECONFIG: kubeconfig }, seen);
    expect(code).toBe(1);
    expect(stderr.match(/^error.*/gm)).toEqual([expect.stringContaining('[INTERRUPTED]')]);
    expect(stderr).toContain('nothing of it was kept');
  }, 120_000);

  test('by Ctrl-C while it starts: it is there, and the error says how to go on or to remove it', async () => {
    const seen = () => exists('pod/cut-wait-0', 'vcluster-cut-wait');
    const { code, stderr } = await interrupted(['create', 'cut-wait', '--store', 'ephemeral'], env, seen);
    expect(code).toBe(1);
    expect(stderr).toContain('[INTERRUPTED]');
    expect(stderr).toContain('go on: sublet connect cut-wait -n vcluster-cut-wait');
    expect(await sublet(['connect', 'cut-wait', '--', 'true'], env)).toMatchObject({ code: 0 });
    expect(await sublet(['delete', 'cut-wait'], env)).toMatchObject({ code: 0 });
  }, 180_000);

  test('by kill -9: deleting it by name removes what is there', async () => {
    const shared = await sharedHost();
    await using slow = await startSlowApi(shared.kubeconfig, 300);
    const kubeconfig = join(home, 'slow');
    await writeFile(kubeconfig, kubeconfigText(slow.server, 'unused'));
    const seen = () => exists('serviceaccount/vc-cut-dead', 'vcluster-cut-dead');
    await interrupted(['create', 'cut-dead'], { ...env, KUBECONFIG: kubeconfig }, seen, 'SIGKILL');
    expect(await sublet(['delete', 'cut-dead'], env)).toMatchObject({ code: 0 });
  }, 120_000);
});

/** Runs `sublet` and sends it a signal as soon as something is seen on the host. */
async function interrupted(
  args: readonly string[],
  env: Record<string, string>,
  seen: () => Promise<boolean>,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args], { env: { ...process.env, ...env }, timeout: 60_000 });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  // It may end before: then there is nothing to see any more.
  while (child.exitCode === null && !(await seen()));
  child.kill(signal);
  const [code] = await closed;
  return { code, stderr };
}
