import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { cdk8sCli } from '../../support/cdk8s-cli';
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
  readonly app?: string;
  readonly env?: { readonly [name: string]: string };
}

/**
 * Runs `cdk8s synth` with a copy of an example, in which the packages are there under their names, as ES modules see
 * them.
 * @returns the objects in the order of the files, as `kubectl apply -f dist/` takes them
 */
export async function runExample(name: string, { app, env }: ExampleRun = {}): Promise<readonly TestObject[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sublet-example-'));
  try {
    await cp(example(name), folder, { recursive: true });
    await mkdir(join(folder, 'node_modules'));
    for (const [packageName, path] of Object.entries(PACKAGES))
      await symlink(path, join(folder, 'node_modules', packageName));
    const words = ['synth', '--check-upgrade=false', ...(app === undefined ? [] : ['--app', app])];
    // The program's own Node is found by its name.
    const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
    await output(process.execPath, [await cdk8sCli(), ...words], { cwd: folder, env: { ...env, PATH } });
    const outdir = join(folder, 'dist');
    const files = (await readdir(outdir)).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(outdir, file), 'utf8')));
    return texts.flatMap((text) => parseAllDocuments(text).map((document): TestObject => document.toJS()));
  } finally {
    await rm(folder, { recursive: true });
  }
}
