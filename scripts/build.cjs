// Builds dist/: the library by tsc (with declarations), the command line and the syncer by esbuild (one file each).
const { execFileSync } = require('node:child_process');
const { rmSync } = require('node:fs');
const { join } = require('node:path');
const esbuild = require('esbuild');

const root = join(__dirname, '..');
const version = require(join(root, 'package.json')).version;
const bundle = (entry, outfile, options = {}) =>
  esbuild.build({
    entryPoints: [join(root, entry)],
    outfile: join(root, outfile),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    logLevel: 'warning',
    define: { 'process.env.SUBLET_VERSION': JSON.stringify(version) },
    ...options,
  });

async function main() {
  await Promise.all([
    bundle('syncer/main.ts', 'dist/syncer/syncer.cjs', { minifyWhitespace: true, legalComments: 'none' }),
    bundle('cli/main.ts', 'dist/cli/sublet.cjs', { banner: { js: '#!/usr/bin/env node' } }),
  ]);
  // What was built of files that are gone would be found before folders of the same name.
  rmSync(join(root, 'dist/lib'), { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.lib.json')],
    {
      stdio: 'inherit',
    },
  );
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
