import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlDirectory } from '../../host';
import { createTestCluster, type TestCluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { pod, webPod } from '../support/manifests';

/** How kubectl carries streams: by default over WebSocket, else over SPDY as older clients do. */
const PROTOCOLS = [
  ['WebSocket', { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'true', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'true' }],
  ['SPDY', { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' }],
] as const;

describe('what a kubelet does for kubectl', () => {
  let cluster: TestCluster;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sublet-kubelet-'));
    cluster = await createTestCluster('kubelet');
    const counting = 'for i in 1 2 3 4 5; do echo line $i; done; cat';
    await cluster.apply(webPod('web'), pod('counter', { command: ['sh', '-c', counting], stdin: true, tty: false }));
    await cluster.kubectl(['wait', '--for=condition=ready', 'pod/web', 'pod/counter', '--timeout=90s']);
  }, 240_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  }, 120_000);

  test('logs: whole, the last lines, and followed while they are written', async () => {
    expect(await cluster.kubectl(['logs', 'counter'])).toBe('line 1\nline 2\nline 3\nline 4\nline 5\n');
    expect(await cluster.kubectl(['logs', 'counter', '--tail=2'])).toBe('line 4\nline 5\n');
    expect(await cluster.kubectl(['logs', 'counter', '--limit-bytes=6'])).toBe('line 1');
    await cluster.apply(pod('brief', { command: ['sh', '-c', 'echo first; sleep 2; echo last'] }));
    await eventually(async () => (await cluster.tryKubectl(['logs', 'brief'])).stdout.includes('first'), {
      what: 'the first line',
    });
    expect(await cluster.kubectl(['logs', 'brief', '--follow'])).toBe('first\nlast\n');
  }, 60_000);

  describe.each(PROTOCOLS)('over %s', (protocol, env) => {
    test('exec: output, errors and exit codes arrive', async () => {
      const script = 'echo out; echo err >&2; exit 3';
      const result = await cluster.tryKubectl(['exec', 'web', '--', 'sh', '-c', script], { env });
      expect(result.stdout).toBe('out\n');
      expect(result.stderr).toContain('err');
      expect(result.code).toBe(3);
    }, 30_000);

    test('exec: what goes in comes out, to the last of 20 million bytes', async () => {
      const input = randomBytes(20_000_000);
      const command = ['exec', '-i', 'web', '--', 'sha256sum'];
      const { stdout } = await cluster.tryKubectl(command, { env, input });
      expect(stdout.split(' ')[0]).toBe(createHash('sha256').update(input).digest('hex'));
    }, 120_000);

    test('exec with a terminal', async () => {
      const result = await cluster.tryKubectl(['exec', '-it', 'web', '--', 'sh', '-c', 'echo terminal'], { env });
      expect(result.stdout).toContain('terminal');
    }, 30_000);

    test('attach: the container gets what is typed', async () => {
      const word = `hello over ${protocol}`;
      const { stdout } = await cluster.tryKubectl(['attach', '-i', 'counter', '--quiet'], {
        env,
        input: `${word}\n`,
        timeoutMs: 5_000,
      });
      const logged = await cluster.kubectl(['logs', 'counter']);
      expect(stdout + logged).toContain(word);
    }, 30_000);

    test('cp: a file goes in and comes back', async () => {
      const content = randomBytes(300_000);
      const sent = join(directory, `${protocol}.sent`);
      const back = join(directory, `${protocol}.back`);
      await writeFile(sent, content);
      await cluster.kubectl(['cp', sent, `default/web:/tmp/${protocol}`], { env });
      await cluster.kubectl(['cp', `default/web:/tmp/${protocol}`, back], { env });
      expect(await readFile(back)).toEqual(content);
    }, 60_000);

    test('port-forward: many requests at once are answered', async () => {
      const forward = spawn(
        join(kubectlDirectory(), 'kubectl'),
        [`--kubeconfig=${cluster.kubeconfig}`, 'port-forward', 'pod/web', ':8080', '--address=127.0.0.1'],
        { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] },
      );
      try {
        let said = '';
        forward.stdout.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
        const port = await eventually(() => /127\.0\.0\.1:(\d+)/.exec(said)?.[1], { what: 'the forwarded port' });
        const ask = async () => (await fetch(`http://127.0.0.1:${port}/hostname`)).text();
        expect(await Promise.all(Array.from({ length: 20 }, ask))).toEqual(Array(20).fill('web'));
      } finally {
        forward.kill('SIGKILL');
      }
    }, 60_000);
  });

  test('pods that are not of this cluster can not be reached through its nodes', async () => {
    const [node] = (await cluster.json(['get', 'nodes'])).items;
    const path = (rest: string) => `/api/v1/nodes/${node.metadata.name}/proxy/${rest}`;
    const own = await cluster.tryKubectl(['get', '--raw', path('containerLogs/default/web/main')]);
    expect(own.code).toBe(0);
    const foreign = [
      `containerLogs/${cluster.namespace}/kubelet-0/syncer`,
      'containerLogs/kube-system/coredns/coredns',
      `containerLogs/default/..%2f${cluster.namespace}/kubelet-0/syncer`,
      `run/${cluster.namespace}/kubelet-0/syncer?cmd=id`,
    ];
    for (const target of foreign) {
      const refused = await cluster.tryKubectl(['get', '--raw', path(target)]);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).not.toContain('kubelet-0-x');
    }
  }, 60_000);
});
