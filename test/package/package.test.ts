import { bin, exports as entryPoints, main, types, version } from '../../package.json';
import { documentation } from '../support/markdown';
import { installed, type Packed, type Project, pack } from '../support/packed';

jest.setTimeout(90_000);

/*
 * What a new user has: an empty folder, the package from the registry, and the README. Nothing of the repository's sources
 * is in reach; what npm would install is linked.
 */

let packed: Packed;
let project: Project;
beforeAll(async () => {
  packed = await pack();
  project = await installed(packed);
});
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await packed[Symbol.asyncDispose]();
});

const readme = documentation().find(({ file }) => file === 'README.md');
const programs = (readme?.snippets ?? []).filter(({ language }) => language === 'ts').map(({ text }) => text);
const cdk8sProgram = programs.find((text) => text.includes("'sublet/cdk8s'")) ?? '';
const pulumiProgram = programs.find((text) => text.includes("'sublet/pulumi'")) ?? '';
const coreProgram = `import { generate, renderYaml, resolveSpec } from 'sublet';
const spec = resolveSpec({ name: 'team-a' });
console.log(generate(spec).length, renderYaml(spec).includes('StatefulSet'));
`;

/** The same program for a runtime without imports, as people write it by hand. */
function withRequire(program: string): string {
  return program
    .replaceAll(/^import \* as (\w+) from ('[^']+');/gm, 'const $1 = require($2);')
    .replaceAll(/^import (\{[^}]+\}) from ('[^']+');/gm, 'const $1 = require($2);')
    .replaceAll(/^export const (\w+) =/gm, 'exports.$1 =');
}

/** Stands in for Pulumi's engine, and prints what is registered. */
const ENGINE = `const pulumi = require('@pulumi/pulumi');
const data = { config: Buffer.from('apiVersion: v1').toString('base64') };
pulumi.runtime.setMocks({
  newResource: ({ id, name, type, inputs }) => {
    console.log(type + ' ' + name);
    return { id: id || name + '-id', state: { ...inputs, data } };
  },
  call: ({ inputs }) => inputs,
}, 'project', 'stack', false);
`;

async function expectManifests(file: string): Promise<void> {
  await project.remove('dist');
  const { code, err } = await project.node(file);
  expect({ file, code, err }).toEqual({ file, code: 0, err: '' });
  expect(await project.read('dist/team-a.k8s.yaml')).toContain('kind: StatefulSet');
}

async function expectDeployment(file: string): Promise<void> {
  await project.write('engine.cjs', ENGINE);
  const { code, out, err } = await project.node('--require', './engine.cjs', file);
  expect({ file, code, err }).toEqual({ file, code: 0, err: '' });
  expect(out.split('\n')).toEqual(
    expect.arrayContaining([
      'sublet:index:VirtualCluster team-a',
      'kubernetes:apps/v1:StatefulSet team-a-control-plane-statefulset',
      'kubernetes:core/v1:Namespace shop',
    ]),
  );
}

async function expectCore(file: string): Promise<void> {
  const { code, out } = await project.node(file);
  expect({ file, code, out }).toEqual({ file, code: 0, out: expect.stringMatching(/^\d+ true\n$/) });
}

describe('the tarball', () => {
  it('holds the build, the syncer’s Dockerfile and four texts, and neither tests, sources nor caches', () => {
    const others = packed.files.filter(
      (file) => !/^dist\/(lib\/.+\.(js|d\.ts)|cli\/sublet\.cjs|syncer\/syncer\.cjs)$/.test(file),
    );
    expect(others).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
      'syncer/Dockerfile',
    ]);
    expect(packed.files.filter((file) => /test|fixture|snapshot|cache|\.map$|tsbuildinfo/i.test(file))).toEqual([]);
  });

  it('holds everything that package.json names', () => {
    const named = [
      main,
      types,
      ...Object.values(bin),
      ...Object.values(entryPoints).flatMap((entry) => Object.values(typeof entry === 'string' ? [entry] : entry)),
    ];
    const missing = named.map((file) => file.replace(/^\.\//, '')).filter((file) => !packed.files.includes(file));
    expect(missing).toEqual([]);
  });
});

describe('JavaScript', () => {
  it('imports the README’s programs', async () => {
    await project.write('cdk8s.mjs', cdk8sProgram);
    await project.write('pulumi.mjs', pulumiProgram);
    await project.write('core.mjs', coreProgram);
    await expectManifests('cdk8s.mjs');
    await expectDeployment('pulumi.mjs');
    await expectCore('core.mjs');
  });

  it('requires them', async () => {
    await project.write('cdk8s.cjs', withRequire(cdk8sProgram));
    await project.write('pulumi.cjs', withRequire(pulumiProgram));
    await project.write('core.cjs', withRequire(coreProgram));
    await expectManifests('cdk8s.cjs');
    await expectDeployment('pulumi.cjs');
    await expectCore('core.cjs');
  });

  it('can’t reach what is not exported', async () => {
    await project.write('deep.cjs', "require('sublet/dist/lib/spec/index.js');");
    expect((await project.node('deep.cjs')).err).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('reads the version in package.json, and by the command', async () => {
    await project.write('version.cjs', "console.log(require('sublet/package.json').version);");
    expect((await project.node('version.cjs')).out.trim()).toBe(version);
    expect((await project.node('node_modules/sublet/dist/cli/sublet.cjs', '--version')).out.trim()).toBe(version);
  });

  it('needs neither framework for the core and the command', async () => {
    await using bare = await installed(packed, false);
    await bare.write('core.mjs', coreProgram);
    expect(await bare.node('core.mjs')).toMatchObject({ code: 0, err: '' });
    expect(await bare.node('node_modules/sublet/dist/cli/sublet.cjs', 'render', 'team-a')).toMatchObject({
      code: 0,
      out: expect.stringContaining('kind: StatefulSet'),
    });
  });
});

describe('TypeScript', () => {
  it.each([
    ['nodenext', 'module'],
    ['nodenext', 'commonjs'],
    ['commonjs', 'commonjs'],
  ])('with module %s in a package of type %s compiles the README’s programs, which then run', async (module, type) => {
    const folder = `${module}-${type}`;
    await project.write(`${folder}/package.json`, JSON.stringify({ type }));
    await project.write(`${folder}/cdk8s.ts`, cdk8sProgram);
    await project.write(`${folder}/pulumi.ts`, pulumiProgram);
    await project.write(`${folder}/core.ts`, coreProgram);
    const options = { module, target: 'es2022', strict: true, skipLibCheck: true, types: ['node'], outDir: 'out' };
    await project.write(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
    const compiled = await project.tsc('-p', folder);
    expect(compiled).toEqual({ code: 0, out: '', err: '' });
    await expectManifests(`${folder}/out/cdk8s.js`);
    await expectDeployment(`${folder}/out/pulumi.js`);
    await expectCore(`${folder}/out/core.js`);
  });
});
