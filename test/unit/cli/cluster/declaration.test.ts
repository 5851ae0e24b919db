import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectsToApply, readDeclaration } from '../../../../cli/cluster/declaration';
import { setPath } from '../../../../cli/cluster/set-path';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sublet-test-'));
});
afterEach(() => rm(directory, { recursive: true }));

const values = async (text: string, name = 'values.yaml'): Promise<string> => {
  const file = join(directory, name);
  await writeFile(file, text);
  return file;
};
const none = { values: [], set: [] };
const image = (yaml: string) => /kube-apiserver:v([\d.]+)/.exec(yaml)?.[1];

describe('a declaration on the command line', () => {
  it('is complete with a name alone', async () => {
    const declaration = await readDeclaration('a', none);
    expect(declaration).toMatchObject({ name: 'a', namespace: 'vcluster-a', namespaceObject: { kind: 'Namespace' } });
    expect(declaration.objects.map(({ kind }) => kind)).not.toContain('Namespace');
    expect(declaration.objects.at(-1)?.kind).toBe('StatefulSet');
  });

  it('takes flags over --set, and --set over files, and later files over earlier ones', async () => {
    const first = await values('name: a\nnamespace: one\nkubernetes: {version: "1.35"}\n', 'first.yaml');
    const second = await values('{"namespace": "two"}', 'second.json');
    const files = [first, second];
    expect((await readDeclaration(undefined, { values: files, set: [] })).namespace).toBe('two');
    expect((await readDeclaration(undefined, { values: files, set: ['namespace=three'] })).namespace).toBe('three');
    const all = { values: files, set: ['namespace=three'], namespace: 'four', kubernetesVersion: '1.34' };
    const declaration = await readDeclaration('b', all);
    expect(declaration).toMatchObject({ name: 'b', namespace: 'four' });
    expect(image(declaration.yaml)).toMatch(/^1\.34\./);
  });

  it('keeps a version that looks like a number', async () => {
    const file = await values('name: a\nkubernetes: {version: 1.36}\n');
    expect(image((await readDeclaration(undefined, { values: [file], set: [] })).yaml)).toMatch(/^1\.36\./);
    expect(image((await readDeclaration('a', { values: [], set: ['kubernetes.version=1.35'] })).yaml)).toMatch(
      /^1\.35\./,
    );
  });

  it('changes the store by --store, keeping its size where the kind stays', async () => {
    const file = await values('store: {kind: sqlite, persistence: {kind: volumeClaim, size: 9Gi}}\n');
    const claim = await readDeclaration('a', { values: [file], set: [], store: 'pvc' });
    expect(claim.yaml).toContain('storage: 9Gi');
    const memory = await readDeclaration('a', { values: [file], set: [], store: 'ephemeral' });
    expect(memory.yaml).not.toContain('volumeClaimTemplates');
  });

  it('asks for no measurements on a host that has none, unless it says so itself', async () => {
    const on = async (hostMetrics: boolean, set: readonly string[] = []) =>
      (await readDeclaration('a', { values: [], set, hostMetrics })).yaml.includes('metrics.k8s.io');
    expect(await on(true)).toBe(true);
    expect(await on(false)).toBe(false);
    expect(await on(false, ['nodes.mode=all'])).toBe(false);
    expect(await on(false, ['nodes.mode=all', 'nodes.metrics.source=host'])).toBe(true);
  });

  it('reports everything that is wrong at once', async () => {
    const run = readDeclaration('a', { values: [], set: ['storre=1', 'dns.replicas=0'] });
    await expect(run).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      issues: [expect.objectContaining({ path: 'dns.replicas' }), expect.objectContaining({ path: 'storre' })],
    });
  });

  it.each([
    ['is not there', undefined, /can't be read/],
    ['is not YAML', 'a: [', /is not YAML/],
    ['is a list', '- a', /not a mapping/],
  ])('refuses a file that %s', async (_name, text, message) => {
    const file = text === undefined ? join(directory, 'none') : await values(text);
    await expect(readDeclaration('a', { values: [file], set: [] })).rejects.toThrow(message);
  });

  it('marks a namespace that is made for it, and only then applies one', async () => {
    const declaration = await readDeclaration('a', none);
    expect(objectsToApply(declaration, true)).toEqual(declaration.objects);
    expect(objectsToApply(declaration, false)[0]).toMatchObject({
      kind: 'Namespace',
      metadata: { name: 'vcluster-a', annotations: { 'sublet.dev/created-for': 'a' } },
    });
  });
});

describe('--set', () => {
  it.each([
    ['a.b', { a: { b: 1 } }],
    ['a\\.b', { 'a.b': 1 }],
    ['list[0].x', { list: [{ x: 1 }] }],
  ])('%s', (path, expected) => {
    expect(setPath({}, path, 1)).toEqual(expected);
  });

  it('changes a copy', () => {
    const tree = { a: { b: [1, 2] } };
    expect(setPath(tree, 'a.b.1', 3)).toEqual({ a: { b: [1, 3] } });
    expect(tree).toEqual({ a: { b: [1, 2] } });
  });

  it.each(['', 'a..b', '__proto__.x', 'a.__proto__', 'text.x', 'list.9'])('refuses %j', (path) => {
    expect(() => setPath({ text: 't', list: [] }, path, 1)).toThrow(/--set/);
  });
});
