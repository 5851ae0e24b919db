import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseAllDocuments } from 'yaml';
import { SubletError } from '../../lib/contract';
import { type Declaration, declarationOf, readDeclaration } from '../cluster/declaration';
import { isControlPlane } from '../cluster/find';
import { describeObject, type KubeObject } from '../kube/types';

/** What the demo deploys. */
export interface DemoExample {
  readonly declaration: Omit<Declaration, 'yaml'>;
  /** Where it was declared, for the reader. */
  readonly source: string;
}

/**
 * The quickstart example, synthesized as its reader would: by running the program, which writes manifests. Where the
 * package comes without examples, the same cluster from the typed declaration.
 * @throws SubletError `SPEC_INVALID` when the program fails or declares no virtual cluster
 */
export async function synthesizeExample(packageRoot: string, signal: AbortSignal): Promise<DemoExample> {
  const program = join(packageRoot, 'examples', 'quickstart-cdk8s', 'main.ts');
  if (!existsSync(program)) {
    const declaration = await readDeclaration('demo', { values: [], set: [] });
    return { declaration, source: 'its typed declaration' };
  }
  const directory = await mkdtemp(join(tmpdir(), 'sublet-demo-'));
  try {
    // The example imports the package by its name, as its reader will.
    await mkdir(join(directory, 'node_modules'));
    await symlink(packageRoot, join(directory, 'node_modules', 'sublet'));
    await run([join(packageRoot, 'scripts', 'run-ts.cjs'), program], directory, signal);
    const objects = await readManifests(join(directory, 'dist'));
    return { declaration: declarationIn(objects), source: relative(packageRoot, program) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(args: readonly string[], directory: string, signal: AbortSignal): Promise<void> {
  const env = {
    ...process.env,
    CDK8S_OUTDIR: join(directory, 'dist'),
    NODE_PATH: join(directory, 'node_modules'),
  };
  const child = spawn(process.execPath, args, { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'], signal });
  child.stdout.resume();
  const [code, said] = await Promise.all([
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve)),
    text(child.stderr),
  ]);
  if (code === 0) return;
  throw new SubletError(
    'SPEC_INVALID',
    `the example in ${dirname(args[1] ?? '')} ended with exit code ${code}:\n${said.trim()}`,
  );
}

async function readManifests(directory: string): Promise<readonly KubeObject[]> {
  const names = await readdir(directory);
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  const objects: KubeObject[] = [];
  for (const file of files) {
    for (const document of parseAllDocuments(await readFile(join(directory, file), 'utf8'))) {
      const value: unknown = document.toJS();
      if (typeof value === 'object' && value !== null) objects.push(value);
    }
  }
  return objects;
}

function declarationIn(objects: readonly KubeObject[]): Omit<Declaration, 'yaml'> {
  const controlPlane = objects.find((object) => object.kind === 'StatefulSet' && isControlPlane(object));
  const { name, namespace } = controlPlane?.metadata ?? {};
  if (name === undefined || namespace === undefined) {
    const found = objects.map(describeObject).join(', ') || 'nothing';
    throw new SubletError('SPEC_INVALID', `the example declares no virtual cluster; it gives ${found}`);
  }
  return declarationOf(name, namespace, objects);
}
