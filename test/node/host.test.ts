import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AGNHOST_IMAGE,
  execInHost,
  type HostHandle,
  hostDown,
  hostStatus,
  hostUp,
  kubectlDirectory,
  loadImage,
  makeImage,
} from '../../host';
import { shortHash } from '../../lib/contract';
import { type CommandResult, run } from '../support/command';
import { eventually } from '../support/eventually';

const unique = shortHash(`${__dirname} host`, 6);
const NODE = `own-${unique}`;
const SIMULATED = `sim-${unique}`;

/** A pod as nobody in particular, which writes to a volume of the default StorageClass and then serves HTTP. */
const WRITER = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'writer', labels: { app: 'writer' } },
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 },
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    containers: [
      {
        name: 'writer',
        image: AGNHOST_IMAGE,
        // "Always" asks the registry, which must have what the host loaded.
        imagePullPolicy: 'Always',
        command: ['sh', '-c', 'echo written > /data/file && cat /data/file && exec /agnhost netexec --http-port=8080'],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
  },
};
const CLAIM = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
};
const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'writer' }, ports: [{ port: 80, targetPort: 8080 }] },
};

describe('an embedded host cluster', () => {
  let host: HostHandle;
  const kubectl = (...args: string[]): Promise<CommandResult> => kubectlOf(host, args);

  beforeAll(async () => {
    host = await hostUp({ name: NODE, audit: true });
    await applyTo(host, CLAIM, SERVICE, WRITER);
    await kubectl('wait', '--for=condition=Ready', 'pod/writer', '--timeout=60s');
  }, 900_000);
  afterAll(() => hostDown({ name: NODE }), 60_000);

  it('runs pods as any user, with volumes, logs and exec', async () => {
    expect((await kubectl('logs', 'writer')).stdout).toContain('written');
    expect((await kubectl('exec', 'writer', '--', 'id', '-u')).stdout.trim()).toBe('65532');
  });

  it('resolves Services by name, and says at once that other names do not exist', async () => {
    const reach = (target: string): Promise<CommandResult> =>
      kubectl('exec', 'writer', '--', '/agnhost', 'connect', target, '--timeout=3s');
    await eventually(async () => (await reach('web:80')).code === 0, { what: 'the Service to answer' });
    expect((await reach('web.default.svc.cluster.local:80')).code).toBe(0);
    expect((await reach('example.com:80')).stderr).toContain('no such host');
  }, 90_000);

  it('writes an audit log when asked', async () => {
    const log = await readFile(join(host.directory, 'audit.log'), 'utf8');
    expect(JSON.parse(log.slice(0, log.indexOf('\n'))).kind).toBe('Event');
  });

  it('stays as it is when brought up again', async () => {
    const before = await hostStatus({ name: NODE });
    expect(await hostUp({ name: NODE })).toEqual(host);
    expect(await hostStatus({ name: NODE })).toEqual(before);
    expect(before.state).toBe('running');
  }, 60_000);

  it.each(['kubelet', 'containerd', 'kube-apiserver', 'relay'])(
    'is repaired when its %s was killed, and pods run on',
    async (name) => {
      const uid = await containerId(host);
      await killComponent(name);
      expect((await hostStatus({ name: NODE })).state).toBe('degraded');
      await hostUp({ name: NODE });
      expect((await hostStatus({ name: NODE })).state).toBe('running');
      await eventually(async () => (await kubectl('exec', 'writer', '--', 'true')).code === 0, {
        what: 'exec to work',
      });
      expect(await containerId(host)).toBe(uid);
    },
    90_000,
  );

  it('takes images from archives', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sublet-host-'));
    try {
      const out = join(directory, 'image.tar');
      const reference = 'example.com/some/greeting:1';
      const layers = [[{ kind: 'text' as const, path: 'greeting', content: 'hello' }]];
      await makeImage({ reference, layers, out });
      expect(await loadImage(host, out)).toEqual([reference]);
      const answer = await execInHost(host, [
        join(kubectlDirectory(), 'kubectl'),
        '--server=http://127.0.0.1:5000',
        'get',
        '--raw=/v2/some/greeting/tags/list',
      ]);
      expect(JSON.parse(answer.stdout)).toEqual({ name: 'some/greeting', tags: ['1'] });
    } finally {
      await rm(directory, { recursive: true });
    }
  }, 60_000);

  it('goes without a trace, beside another that stays', async () => {
    const simulated = await hostUp({ name: SIMULATED, mode: 'kwok', nodes: 3 });
    try {
      await hostDown({ name: NODE });
      expect(await traces(host)).toEqual([]);
      expect((await hostStatus({ name: SIMULATED })).state).toBe('running');
      expect((await kubectlOf(simulated, ['get', 'nodes', '-o', 'name'])).stdout.trim().split('\n')).toHaveLength(3);
    } finally {
      await hostDown({ name: SIMULATED });
    }
    expect(await traces(simulated)).toEqual([]);
  }, 120_000);

  it.each(['start the API server', 'start the node', 'load images'])(
    'leaves nothing when it was stopped at the step "%s" and taken down',
    async (step) => {
      const controller = new AbortController();
      const onStep = ({ name }: { name: string }): void => {
        if (name === step) controller.abort();
      };
      await expect(hostUp({ name: NODE, signal: controller.signal, onStep })).rejects.toMatchObject({
        code: 'INTERRUPTED',
      });
      await hostDown({ name: NODE });
      expect(await traces(host)).toEqual([]);
    },
    120_000,
  );

  async function killComponent(name: string): Promise<void> {
    const { components } = await hostStatus({ name: NODE });
    const component = components.find((candidate) => candidate.name === name);
    if (component === undefined) throw new Error(`there is no component ${name}`);
    process.kill(component.pid, 'SIGKILL');
    await eventually(
      async () => (await hostStatus({ name: NODE })).components.some((one) => one.name === name && !one.running),
      { what: `${name} to end` },
    );
  }
});

async function containerId(host: HostHandle): Promise<string> {
  const path = 'jsonpath={.status.containerStatuses[0].containerID}';
  return (await kubectlOf(host, ['get', 'pod', 'writer', '-o', path])).stdout;
}

async function applyTo(host: HostHandle, ...items: readonly object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const result = await run(join(kubectlDirectory(), 'kubectl'), ['--kubeconfig', host.kubeconfig, 'apply', '-f', '-'], {
    input,
  });
  expect(result).toMatchObject({ code: 0 });
}

function kubectlOf(host: HostHandle, args: readonly string[]): Promise<CommandResult> {
  return run(join(kubectlDirectory(), 'kubectl'), ['--kubeconfig', host.kubeconfig, ...args]);
}

/** Everything on this machine that still belongs to a host. */
async function traces(host: HostHandle): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').includes(`SUBLET_HOST_DIRECTORY=${host.directory}`)) found.push(`process ${pid}`);
  }
  const cgroups = await run('find', ['/sys/fs/cgroup', '-maxdepth', '2', '-name', host.networkNamespace]);
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  found.push(...cgroups.stdout.split('\n').filter(Boolean));
  found.push(...mounts.filter((line) => line.includes(host.directory) || line.includes(host.networkNamespace)));
  for (const path of [host.directory, `/run/netns/${host.networkNamespace}`, `/run/sublet/${host.name}.lock`]) {
    await access(path).then(
      () => found.push(path),
      () => {},
    );
  }
  return found;
}
