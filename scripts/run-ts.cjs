// Runs one TypeScript program of this repository: bundles it in memory with esbuild and executes the result.
const { join, resolve } = require('node:path');
const Module = require('node:module');
const esbuild = require('esbuild');

const [entry, ...args] = process.argv.slice(2);
const file = resolve(entry);
const { outputFiles } = esbuild.buildSync({
  entryPoints: [file],
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  packages: 'external',
  sourcemap: 'inline',
  keepNames: true,
  write: false,
  define: { 'process.env.SUBLET_VERSION': JSON.stringify(require(join(__dirname, '..', 'package.json')).version) },
});
process.argv = [process.argv[0], file, ...args];
const program = new Module(file, module);
program.filename = file;
program.paths = Module._nodeModulePaths(join(__dirname, '..'));
program._compile(outputFiles[0].text, file);
