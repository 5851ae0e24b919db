import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parse, parseAllDocuments } from 'yaml';
import { type CommandLine, commandLine } from '../support/command-line';

const POD = `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: nginx}]}
`;
const REFUSED = POD.replace('spec: {', 'spec: {runtimeClassName: kata, ');

/** No server is there: whoever asks one fails. */
const NOWHERE = 'http://127.0.0.1:9';

let line: CommandLine;
beforeEach(async () => {
  line = await commandLine(NOWHERE, { stdin: Readable.from([POD]) });
});
afterEach(() => line[Symbol.asyncDispose]());

const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(line.home, name), text);
  return join(line.home, name);
};

describe('sublet explain', () => {
  it('tells people what becomes of an object, with the default declaration', async () => {
    const { code, out, err } = await line.run('explain', await file('pod.yaml', POD), '--name', 'team-a');
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('Pod default/web reaches the host');
    expect(out).toContain('→ Pod vcluster-team-a/web-x-default-x-team-a');
    expect(out).toContain('spec.serviceAccountName: default → vc-workload-team-a');
    expect(out).toMatch(/1 reaches the host\.\n$/);
  });

  it('reads standard input, other namespaces and a declaration, and writes the host objects as YAML', async () => {
    const spec = await file('spec.yaml', 'name: team-b\nnamespace: teams\n');
    const { code, out } = await line.run('explain', '-', '--spec', spec, '--in', 'shop', '--show', 'objects');
    expect(code).toBe(0);
    const objects = parseAllDocuments(out).map((document) => document.toJS());
    expect(objects.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual([
      ['Pod', 'teams', 'web-x-shop-x-team-b'],
      ['Secret', 'teams', 'web-sa-token-x-shop-x-team-b'],
    ]);
  });

  it('takes the policies that a cluster requires from files, and says which of them it has not', async () => {
    const cluster = await file('cluster.yaml', 'name: team-b\nrequires: [sync, nodes]\n');
    const allowed = 'kind: SyncPolicy\ntoHost: { pods: { runtimeClasses: { allowed: [kata] } } }\n';
    const pod = await file('pod.yaml', REFUSED);
    const without = await line.run('explain', pod, '-f', cluster);
    expect(without.code).toBe(1);
    expect(without.err).toContain('The section "sync" is declared by a policy');
    const { code, err } = await line.run('explain', pod, '-f', cluster, '-f', await file('policy.yaml', allowed));
    expect(code).toBe(0);
    expect(err).not.toContain('"sync"');
    expect(err).toContain('The section "nodes" is declared by a policy');
  });

  it('fails where something is refused, and says by what', async () => {
    const path = await file('pod.yaml', REFUSED);
    const { code, out } = await line.run('explain', path);
    expect(code).toBe(1);
    expect(out).toContain('Pod default/web is refused');
    expect(out).toContain('[FieldNotAllowed] (option sync.toHost.pods.runtimeClasses.allowed)');
    const quiet = await line.run('explain', path, '--show', 'objects');
    expect([quiet.code, quiet.out]).toEqual([1, '']);
    expect(quiet.err).toContain('spec.runtimeClassName');
  });

  it.each(['json', 'yaml'])('gives programs one shape as %s', async (format) => {
    const path = await file('pod.yaml', REFUSED);
    const { code, out } = await line.run('explain', path, '-o', format);
    expect(code).toBe(1);
    expect(parse(out)).toEqual({
      apiVersion: 'sublet.dev/cli/v1',
      kind: 'ExplanationList',
      items: [
        {
          source: { file: path, document: 1, line: 2 },
          object: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web' },
          outcome: 'refused',
          hostObjects: [],
          rewritten: [],
          dropped: [],
          added: [],
          refusals: [expect.objectContaining({ path: 'spec.runtimeClassName', rule: 'FieldNotAllowed' })],
          warnings: [],
          assumptions: [],
        },
      ],
    });
  });

  it('names file, document and path of what is wrong', async () => {
    const path = await file('bad.yaml', `${POD}---\nkind: Pod\n`);
    const { code, err } = await line.run('explain', path);
    expect(code).toBe(2);
    expect(err).toContain(`${path}, document 2 (line 7): apiVersion: `);
    expect(err).toContain('[MANIFEST_INVALID]');
    expect((await line.run('explain', '/no/such/file')).err).toContain('[USAGE]');
  });
});
