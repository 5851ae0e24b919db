import { readFile } from 'node:fs/promises';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { descendants } from '../../../cli/command-tree';
import { createProgram } from '../../../cli/shell';
import { type CommandLine, commandLine } from './support/command-line';
import { type FakeApi, startFakeApi, status } from './support/fake-api';
import { namespace, READY, statefulSet } from './support/objects';

let fake: FakeApi;
let cli: CommandLine;
beforeEach(async () => {
  fake = await startFakeApi();
  cli = await commandLine(fake.url);
});
afterEach(async () => {
  await cli[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

const kubeconfigSecret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'vc-a', namespace: 'vcluster-a' },
  data: {
    config: Buffer.from(
      stringify({
        clusters: [{ name: 'a', cluster: { server: 'https://localhost:8443', 'certificate-authority-data': 'Q0E=' } }],
        users: [{ name: 'a', user: { 'client-certificate-data': 'QQ==' } }],
      }),
    ).toString('base64'),
  },
};
function putReadyCluster(): void {
  fake.put(namespace('vcluster-a', { 'sublet.dev/created-for': 'a' }), 'namespaces');
  fake.put(statefulSet('a', 'vcluster-a', READY), 'statefulsets');
  fake.put(kubeconfigSecret, 'secrets');
}

describe('words that are not understood', () => {
  it.each([
    [['creat', 'a'], 'Did you mean create?'],
    [['create'], "missing required argument 'name'"],
    [['create', 'a', '--stor', 'pvc'], 'Did you mean --store?'],
    [['list', '-o', 'xml'], 'Allowed choices are table, json, yaml'],
    [['create', 'a', '--timeout', 'soon'], 'write it like 90s, 5m or 1h'],
    [['create', 'a', '-n', 'Teams'], 'it is no namespace name'],
    [['create', 'Team_A'], 'for example: team-a'],
    [['connect', 'a', '--server', 'http://x'], 'https://host:port'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish'],
  ])('%j ends with 2', async (argv, said) => {
    const { code, out, err } = await cli.run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
    expect(fake.seen).toEqual([]);
  });
});

test.each([['-o', 'json'], ['--output=json']])('with %s programs read of wrong words, too', async (...format) => {
  const { code, out } = await cli.run('create', 'a', '--stor', 'pvc', ...format);
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ kind: 'Error', code: 'USAGE', hint: 'Did you mean --store?' });
});

describe('help', () => {
  it('has examples on every command, and goes to standard output', async () => {
    const program = createProgram({ stdout: process.stdout, stderr: process.stderr, version: '' }, () => {});
    const paths = descendants(program)
      .filter((command) => !['help', 'tunnel'].includes(command.name()))
      .map((command) => [...(command.parent === program ? [] : [command.parent?.name() ?? '']), command.name()]);
    expect(paths.length).toBeGreaterThan(13);
    for (const path of paths) {
      const { code, out } = await cli.run(...path, '--help');
      expect({ path, code, examples: out.includes('Examples:\n  $ ') }).toEqual({
        path,
        code: 0,
        examples: true,
      });
    }
  });
});

describe('render and create --dry-run', () => {
  it('print manifests and ask no server', async () => {
    for (const argv of [
      ['render', 'a'],
      ['create', 'a', '--dry-run'],
    ]) {
      const { code, out, err } = await cli.run(...argv);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(parseAllDocuments(out).map((document) => document.toJS().kind)).toEqual(
        expect.arrayContaining(['Namespace', 'StatefulSet']),
      );
    }
    expect(JSON.parse((await cli.run('render', 'a', '-o', 'json')).out)).toMatchObject({ kind: 'List' });
    expect(fake.seen).toEqual([]);
  });
});

describe('create', () => {
  it('applies in a namespace of its own, waits, and says how to go on', async () => {
    fake.override = ({ method, path }) => {
      // As soon as the control plane is asked for, it is ready.
      if (method === 'GET' && path.endsWith('/statefulsets/a') && fake.writes().length > 0) putReadyCluster();
      return undefined;
    };
    const { code, out, err } = await cli.run('create', 'a', '--store', 'ephemeral', '--no-connect', '-o', 'json');
    expect(err).toContain('✓ Created a in namespace vcluster-a');
    expect(err).toContain('sublet connect a -n vcluster-a');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ kind: 'Cluster', name: 'a', namespace: 'vcluster-a', changed: false });
  });

  it('writes nothing when a check fails, and nothing but the error is said', async () => {
    fake.override = ({ path }) =>
      path.includes('accessreview') ? { status: 201, body: { status: { allowed: false } } } : undefined;
    const { code, out, err } = await cli.run('create', 'a', '--store', 'ephemeral');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('[HOST_RIGHTS]');
    expect(fake.writes()).toEqual([]);
  });

  it('ends with 3 when it is not ready in time', async () => {
    const { code, err } = await cli.run('create', 'a', '--store', 'ephemeral', '--timeout', '0ms');
    expect(code).toBe(3);
    expect(err).toContain('"a" is not ready after 0 s');
  });
});

describe('list and status', () => {
  it('show what there is, and end with 3 while it is not ready', async () => {
    putReadyCluster();
    expect(await cli.run('list')).toEqual({
      code: 0,
      err: '',
      out: 'NAME   NAMESPACE    STATUS   READY   VERSION   CONNECTED   AGE\na      vcluster-a   Ready    1/1     v1.37.2   no          -\n',
    });
    expect((await cli.run('status', 'a')).code).toBe(0);
    fake.objects.delete('v1 vcluster-a secrets vc-a');
    const notReady = await cli.run('status', 'a');
    expect(notReady.code).toBe(3);
    expect(notReady.out).toContain('Not ready:\n  the syncer has not written the kubeconfig yet\n');
    const json = await cli.run('status', 'a', '-o', 'json');
    expect(JSON.parse(json.out).missing).toEqual(['the syncer has not written the kubeconfig yet']);
  });

  it('name what is not there', async () => {
    expect((await cli.run('list')).out).toBe('No virtual clusters here. Make one: sublet create NAME\n');
    const { code, err } = await cli.run('status', 'a');
    expect(code).toBe(1);
    expect(err).toContain('[CLUSTER_NOT_FOUND]');
  });

  it('ask for the namespace where several hold one of that name', async () => {
    fake.put(statefulSet('a', 'one'), 'statefulsets');
    fake.put(statefulSet('a', 'two'), 'statefulsets');
    expect((await cli.run('status', 'a')).err).toContain('say which with -n: one, two');
    expect((await cli.run('status', 'a', '-n', 'two')).out).toContain('two');
  });

  it('never print credentials, not even with --verbose', async () => {
    fake.override = () => status(401, 'Unauthorized', 'Unauthorized');
    const { err } = await cli.run('list', '--verbose');
    expect(err).toContain('[API_FORBIDDEN]');
    expect(err).not.toContain('secret-token');
  });
});

describe('connect', () => {
  it('writes a context and makes it current; disconnect goes back', async () => {
    putReadyCluster();
    const before = await readFile(cli.kubeconfig, 'utf8');
    expect((await cli.run('connect', 'a', '--server', 'https://a.example.com')).code).toBe(0);
    expect(parse(await readFile(cli.kubeconfig, 'utf8'))).toMatchObject({
      'current-context': 'vcluster_a_vcluster-a_fake',
      clusters: [
        { name: 'fake' },
        { cluster: { server: 'https://a.example.com', 'certificate-authority-data': 'Q0E=' } },
      ],
    });
    expect((await cli.run('list')).out).toContain('vcluster-a');
    expect((await cli.run('disconnect')).err).toContain('✓ Disconnected from a');
    expect(await readFile(cli.kubeconfig, 'utf8')).toBe(before);
  });

  it('prints a kubeconfig of its own', async () => {
    putReadyCluster();
    const { out } = await cli.run('connect', 'a', '--server', 'https://a.example.com', '--print');
    expect(parse(out)).toMatchObject({ kind: 'Config', 'current-context': 'vcluster_a_vcluster-a_fake' });
    expect(parse(await readFile(cli.kubeconfig, 'utf8'))['current-context']).toBe('fake');
  });

  it('runs one command with a kubeconfig that is gone afterwards, and returns its exit code', async () => {
    putReadyCluster();
    const seen = `${cli.home}/seen`;
    const script = `cp "$KUBECONFIG" ${seen}; echo "$KUBECONFIG" > ${seen}.path; exit 5`;
    const { code } = await cli.run('connect', 'a', '--', 'sh', '-c', script, '-n', 'x');
    expect(code).toBe(5);
    expect(parse(await readFile(seen, 'utf8')).clusters[0].cluster.server).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    await expect(readFile((await readFile(`${seen}.path`, 'utf8')).trim())).rejects.toMatchObject({ code: 'ENOENT' });
    expect(parse(await readFile(cli.kubeconfig, 'utf8'))['current-context']).toBe('fake');
  });

  it('says where to look when the port-forward does not start', async () => {
    putReadyCluster();
    const { code, err } = await cli.run('connect', 'a');
    expect(code).toBe(1);
    expect(err).toMatch(/the port-forward did not start: it ended with exit code 9.*\nnext {2}its log: /);
  });
});

describe('delete', () => {
  it('removes cluster and context, and asks nothing without a terminal', async () => {
    putReadyCluster();
    await cli.run('connect', 'a', '--server', 'https://a.example.com');
    const { code, err } = await cli.run('delete', 'a');
    expect(err).toContain('✓ Deleted a and namespace vcluster-a');
    expect(code).toBe(0);
    expect(fake.objects.size).toBe(0);
    expect(parse(await readFile(cli.kubeconfig, 'utf8'))).toMatchObject({
      'current-context': 'fake',
      contexts: [{ name: 'fake' }],
    });
  });

  it('clears away the context of a cluster that somebody else removed', async () => {
    putReadyCluster();
    await cli.run('connect', 'a', '--server', 'https://a.example.com');
    fake.objects.clear();
    expect((await cli.run('delete', 'a', '--ignore-not-found')).code).toBe(0);
    expect(parse(await readFile(cli.kubeconfig, 'utf8'))).toMatchObject({
      'current-context': 'fake',
      contexts: [{ name: 'fake' }],
    });
  });

  it('fails where there is none, unless that is fine', async () => {
    expect((await cli.run('delete', 'a')).err).toContain('[CLUSTER_NOT_FOUND]');
    expect((await cli.run('delete', 'a', '--ignore-not-found')).code).toBe(0);
  });
});
