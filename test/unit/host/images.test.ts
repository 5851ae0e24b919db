import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tar from 'tar-stream';
import { makeImage } from '../../../host/images/archive';
import { readImageLayout, writeImageLayout } from '../../../host/images/layout';
import { addToRegistry, parseReference } from '../../../host/images/registry-store';
import { completeEntries, type RootfsEntry } from '../../../host/images/rootfs';
import { parseLdd } from '../../../host/images/syncer-image';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sublet-image-'));
});
afterEach(() => rm(directory, { recursive: true }));

const text = (path: string, content = path): RootfsEntry => ({ kind: 'text', path, content });
const spec = {
  reference: 'ghcr.io/sublet/thing:1.2',
  layers: [[text('etc/passwd', 'root:x:0:0::/:\n')], [text('app/main.txt', 'hello')]],
  entrypoint: ['/app/run', '--fast'],
  user: '65532:65532',
  environment: ['A=b'],
  workingDirectory: '/app',
};

describe('an image archive', () => {
  it('is an OCI layout and a Docker archive at once, and every digest is true', async () => {
    const out = join(directory, 'image.tar');
    await makeImage({ ...spec, out });
    const files = await readTar(await readFile(out));
    const index = JSON.parse(files.get('index.json')?.toString() ?? '');
    const manifest = JSON.parse(blob(files, index.manifests[0].digest).toString());
    const [docker] = JSON.parse(files.get('manifest.json')?.toString() ?? '');

    expect(index.manifests[0].annotations['io.containerd.image.name']).toBe(spec.reference);
    expect(docker.RepoTags).toEqual([spec.reference]);
    expect(docker.Layers).toHaveLength(2);
    for (const { digest, size } of [index.manifests[0], manifest.config, ...manifest.layers]) {
      const content = blob(files, digest);
      expect(`sha256:${createHash('sha256').update(content).digest('hex')}`).toBe(digest);
      expect(content.length).toBe(size);
    }
    expect(JSON.parse(blob(files, manifest.config.digest).toString()).config).toEqual({
      Entrypoint: ['/app/run', '--fast'],
      User: '65532:65532',
      Env: ['A=b'],
      WorkingDir: '/app',
    });
    const layer = await readTar(blob(files, manifest.layers[1].digest));
    expect([...layer.keys()]).toEqual(['app/', 'app/main.txt']);
    expect(layer.get('app/main.txt')?.toString()).toBe('hello');
  });

  it('is the same, byte for byte, when it is made again', async () => {
    for (const name of ['a.tar', 'b.tar']) await makeImage({ ...spec, out: join(directory, name) });
    const [a, b] = await Promise.all(['a.tar', 'b.tar'].map((name) => readFile(join(directory, name))));
    expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
  });

  it('is not there at all when a file of it is missing', async () => {
    const layers = [[{ kind: 'file' as const, path: 'x', source: join(directory, 'absent') }]];
    await expect(makeImage({ reference: 'a/b:1', layers, out: join(directory, 'c.tar') })).rejects.toThrow('ENOENT');
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('an image layout', () => {
  it('reads back as it was written', async () => {
    const written = await writeImageLayout(spec, join(directory, 'layout'));
    expect(await readImageLayout(join(directory, 'layout'))).toEqual(written);
  });

  it('with a lost blob counts as none', async () => {
    const written = await writeImageLayout(spec, join(directory, 'layout'));
    await rm(join(directory, 'layout', 'blobs', 'sha256', written.parts[1]?.digest ?? ''));
    expect(await readImageLayout(join(directory, 'layout'))).toBeUndefined();
  });

  it('enters a registry’s storage under its tag', async () => {
    const layout = await writeImageLayout(spec, join(directory, 'layout'));
    await addToRegistry(join(directory, 'registry'), layout);
    await addToRegistry(join(directory, 'registry'), layout);
    const base = join(directory, 'registry', 'docker', 'registry', 'v2');
    const link = await readFile(join(base, 'repositories/sublet/thing/_manifests/tags/1.2/current/link'), 'utf8');
    expect(link).toBe(`sha256:${layout.manifest.digest}`);
    const { digest } = layout.manifest;
    const data = await readFile(join(base, 'blobs', 'sha256', digest.slice(0, 2), digest, 'data'));
    expect(createHash('sha256').update(data).digest('hex')).toBe(digest);
  });
});

describe('a root file system', () => {
  it('gets the parents that are not listed, before their children', () => {
    expect(completeEntries([text('a/b/c'), text('a/x')]).map(({ path }) => path)).toEqual(['a', 'a/b', 'a/b/c', 'a/x']);
  });

  it('keeps a parent that is listed, and the last of equal paths', () => {
    const entries = completeEntries([
      text('tmp/f', 'old'),
      { kind: 'directory', path: 'tmp', mode: 0o1777 },
      text('tmp/f', 'new'),
    ]);
    expect(entries).toEqual([{ kind: 'directory', path: 'tmp', mode: 0o1777 }, text('tmp/f', 'new')]);
  });
});

it.each([
  ['docker.io/library/busybox:1.37', 'library/busybox', '1.37'],
  ['registry.k8s.io/coredns/coredns:v1.15.0', 'coredns/coredns', 'v1.15.0'],
  ['localhost:5000/a/b:c', 'a/b', 'c'],
])('%s is found in the registry as %s, tag %s', (reference, repository, tag) => {
  expect(parseReference(reference)).toEqual({ repository, tag });
});

it('finds the libraries in the output of ldd', () => {
  const output = [
    '\tlinux-vdso.so.1 (0x00007ffd)',
    '\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f01)',
    '\t/lib64/ld-linux-x86-64.so.2 (0x00007f02)',
    '\tlibgone.so => not found',
  ].join('\n');
  expect(parseLdd(output)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2']);
  expect(parseLdd('\tnot a dynamic executable')).toEqual([]);
});

function blob(files: Map<string, Buffer>, digest: string): Buffer {
  return files.get(`blobs/sha256/${digest.replace('sha256:', '')}`) ?? Buffer.alloc(0);
}

async function readTar(content: Buffer): Promise<Map<string, Buffer>> {
  const extract = tar.extract();
  const files = new Map<string, Buffer>();
  extract.end(content);
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    files.set(entry.header.name, Buffer.concat(chunks));
  }
  return files;
}

it('writes files of this machine as they are', async () => {
  const source = join(directory, 'big');
  await writeFile(source, Buffer.alloc(3_000_000, 7));
  const layout = await writeImageLayout(
    { reference: 'a/b:1', layers: [[{ kind: 'file', path: 'big', source, mode: 0o755 }]] },
    join(directory, 'layout'),
  );
  const layer = await readFile(join(directory, 'layout', 'blobs', 'sha256', layout.parts[1]?.digest ?? ''));
  expect((await readTar(layer)).get('big')?.equals(await readFile(source))).toBe(true);
});
