import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlDirectory } from '../../host';
import { createTestCluster, type TestCluster } from '../support/cluster';
import { run } from '../support/command';
import { eventually } from '../support/eventually';
import { pod, webPod } from '../support/manifests';

const KUBECTL = join(kubectlDirectory(), 'kubectl');

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

  /** A kubectl that runs on until it is killed, and what it has printed so far. */
  const start = (args: readonly string[], env: Readonly<Record<string, string>>) => {
    const child = spawn(KUBECTL, [`--kubeconfig=${cluster.kubeconfig}`, ...args], { env: { ...process.env, ...env } });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    child.stderr.resume();
    return { child, said: () => printed };
  };

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

  test('logs of a container before it was restarted', async () => {
    const script = 'if [ -e /state/ran ]; then echo second; sleep 3600; else touch /state/ran; echo first; exit 1; fi';
    const container = { command: ['sh', '-c', script], volumeMounts: [{ name: 'state', mountPath: '/state' }] };
    await cluster.apply(
      pod('again', container, { restartPolicy: 'OnFailure', volumes: [{ name: 'state', emptyDir: {} }] }),
    );
    await eventually(async () => (await cluster.tryKubectl(['logs', 'again'])).stdout === 'second\n', {
      what: 'the container to run again',
    });
    expect(await cluster.kubectl(['logs', 'again', '--previous'])).toBe('first\n');
  }, 90_000);

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

    test('exec with a terminal: typing, the size of the window and the exit code arrive', async () => {
      const inside = 'until [ "$(stty size)" = "33 101" ]; do sleep 0.1; done; tty; read word; echo got $word; exit 4';
      const kubectl = `${KUBECTL} --kubeconfig=${cluster.kubeconfig} exec -it web -- sh -c '${inside}'`;
      // kubectl asks for a terminal only when it has one itself: `script` gives it one.
      const command = ['-qec', `stty rows 33 cols 101; ${kubectl}`, '/dev/null'];
      const result = await run('script', command, { env, input: 'hello\n', timeoutMs: 25_000 });
      expect(result.stdout).toMatch(/\/dev\/pts\/\d+/);
      expect(result.stdout).toContain('got hello');
      expect(result.code).toBe(4);
    }, 30_000);

    test('attach: the container gets what is typed', async () => {
      const word = `hello over ${protocol}`;
      // A runtime ends an attachment with its input, whether or not the answer is out: the input stays open till then.
      const attached = start(['attach', '-i', 'counter', '--quiet'], env);
      try {
        attached.child.stdin.write(`${word}\n`);
        await eventually(() => attached.said().includes(word), { what: 'the echo', timeoutMs: 15_000 });
      } finally {
        attached.child.kill('SIGKILL');
      }
      expect(await cluster.kubectl(['logs', 'counter'])).toContain(word);
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
      const forward = start(['port-forward', 'pod/web', ':8080', '--address=127.0.0.1'], env);
      try {
        const port = await eventually(() => /127\.0\.0\.1:(\d+)/.exec(forward.said())?.[1], {
          what: 'the forwarded port',
        });
        const ask = async () => (await fetch(`http://127.0.0.1:${port}/hostname`)).text();
        expect(await Promise.all(Array.from({ length: 20 }, ask))).toEqual(Array(20).fill('web'));
      } finally {
        forward.child.kill('SIGKILL');
      }
    }, 60_000);
  });

  test('pods that are not of this cluster can not be reached through its nodes', async () => {
    const [node] = (await cluster.json(['get', 'nodes'])).items;
    const path = (rest: string) => `/api/v1/nodes/${node.metadata.name}/proxy/${rest}`;
    const own = await cluster.tryKubectl(['get', '--raw', path('containerLogs/default/web/main')]);
    expect(own.code).toBe(0);
    // All of these are there on the host, and its administrator can read them.
    const onHost = ['-n', cluster.namespace];
    await cluster.host.kubectl(['logs', 'kubelet-0', '-c', 'syncer', '--tail=1', ...onHost]);
    await cluster.host.kubectl(['logs', 'web-x-default-x-kubelet', ...onHost]);
    const foreign = [
      `containerLogs/${cluster.namespace}/kubelet-0/syncer`,
      'containerLogs/default/kubelet-0/syncer',
      `containerLogs/${cluster.namespace}/web-x-default-x-kubelet/main`,
      'containerLogs/default/web-x-default-x-kubelet/main',
      `containerLogs/default/..%2f${cluster.namespace}/kubelet-0/syncer`,
      `containerLogs/default/web/..%2f..%2fkubelet-0%2flog`,
      `run/${cluster.namespace}/kubelet-0/syncer?cmd=id`,
      `exec/${cluster.namespace}/kubelet-0/syncer?command=id&output=1`,
      `attach/${cluster.namespace}/kubelet-0/syncer?output=1`,
      `portForward/${cluster.namespace}/kubelet-0?port=8443`,
      'logs/',
      'configz',
    ];
    for (const target of foreign) {
      const refused = await cluster.tryKubectl(['get', '--raw', path(target)]);
      expect([target, refused.code]).toEqual([target, 1]);
      expect(refused.stdout).toBe('');
      // The syncer has said no, in its own words: nothing was asked of the host.
      expect(refused.stderr).toMatch(/NotFound|not find|does not exist|Forbidden|not served|404/);
    }
    const pods = JSON.parse(await cluster.kubectl(['get', '--raw', path('pods')]));
    const inside = (await cluster.json(['get', 'pods', '-A'])).items;
    const uids = (list: readonly { metadata: { uid: string } }[]) => list.map(({ metadata }) => metadata.uid).sort();
    expect(uids(pods.items)).toEqual(uids(inside));
  }, 60_000);
});
