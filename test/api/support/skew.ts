import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { KUBERNETES_VERSIONS } from '../../../lib/spec';
import { versionVariables } from './host';

/**
 * Runs the project `api` with hosts and virtual clusters of different Kubernetes versions: each version as the host of the
 * newest, and each inside of the newest. Arguments go to jest.
 */
function main(args: readonly string[]): void {
  const versions = Object.values(KUBERNETES_VERSIONS);
  const newest = versions[versions.length - 1] ?? '';
  const older = versions.filter((version) => version !== newest);
  const pairs = older.flatMap((version) => [[version, newest] as const, [newest, version] as const]);
  const root = resolve(__dirname, '../../..');
  const failed = pairs.filter(([host, virtual]) => {
    console.error(`\n== Kubernetes ${virtual} on a host of ${host}`);
    const words = ['node_modules/jest/bin/jest.js', '--selectProjects', 'api', ...args];
    const env = { ...process.env, ...versionVariables(host, virtual) };
    return spawnSync(process.execPath, words, { cwd: root, env, stdio: 'inherit' }).status !== 0;
  });
  for (const [host, virtual] of failed) console.error(`failed: Kubernetes ${virtual} on a host of ${host}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

main(process.argv.slice(2));
