import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { output } from '../../support/command';
import { example, ROOT } from '../../support/examples';
import type { TestObject } from './api';

/** Packages that the examples name in their package.json, and where they are here. */
const PACKAGES = {
  sublet: ROOT,
  cdk8s: join(ROOT, 'node_modules/cdk8s'),
  constructs: join(ROOT, 'node_modules/constructs'),
} as const;

/** How an example is run. */
export interface ExampleRun {
  /** Its command. @default - what `cdk8s.yaml` says */
  readonly command?: string;
  readonly env?: { readonly [name: string]: string };
}

/**
 * Does what `npm install` and `cdk8s synth` do with a copy of an example: the packages are there under their names, as
 * ES modules see them, and the command runs with the output folder in its environment.
 * @returns the objects in the order of the files, as `kubectl apply -f dist/` takes them
 */
export async function runExample(name: string, { command, env }: ExampleRun = {}): Promise<readonly TestObject[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sublet-example-'));
  try {
    await cp(example(name), folder, { recursive: true });
    await mkdir(join(folder, 'node_modules'));
    for (const [packageName, path] of Object.entries(PACKAGES))
      await symlink(path, join(folder, 'node_modules', packageName));
    const { app }: { app: string } = parse(await readFile(join(folder, 'cdk8s.yaml'), 'utf8'));
    const outdir = join(folder, 'dist');
    const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
    await output('sh', ['-c', `cd "${folder}" && ${command ?? app}`], { env: { ...env, PATH, CDK8S_OUTDIR: outdir } });
    const files = (await readdir(outdir)).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(outdir, file), 'utf8')));
    return texts.flatMap((text) => parseAllDocuments(text).map((document): TestObject => document.toJS()));
  } finally {
    await rm(folder, { recursive: true });
  }
}
