import { join } from 'node:path';
import * as esbuild from 'esbuild';

const ROOT = join(__dirname, '../../..');

/** Packages and folders that an entry point loads. */
function loadedBy(entry: string): readonly string[] {
  const { metafile } = esbuild.buildSync({
    entryPoints: [join(ROOT, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    packages: 'external',
    write: false,
    metafile: true,
  });
  const packages = Object.values(metafile.inputs).flatMap(({ imports }) =>
    imports.flatMap(({ external, path }) => (external === true && !path.startsWith('node:') ? [path] : [])),
  );
  const folders = Object.keys(metafile.inputs).map((path) => path.split('/').slice(0, 2).join('/'));
  return [...new Set([...packages, ...folders])].sort();
}

describe('what an entry point loads', () => {
  it.each([
    ['lib/index.ts', ['acorn', 'lib/contract', 'lib/index.ts', 'lib/manifests', 'lib/spec', 'yaml', 'zod']],
    [
      'lib/cdk8s/index.ts',
      ['acorn', 'cdk8s', 'constructs', 'lib/cdk8s', 'lib/contract', 'lib/manifests', 'lib/spec', 'zod'],
    ],
    [
      'lib/pulumi/index.ts',
      [
        '@pulumi/kubernetes',
        '@pulumi/pulumi',
        'acorn',
        'lib/contract',
        'lib/manifests',
        'lib/pulumi',
        'lib/spec',
        'zod',
      ],
    ],
  ])('%s loads neither the other framework nor what it has no use for', (entry, expected) => {
    expect(loadedBy(entry)).toEqual(expected);
  });
});
