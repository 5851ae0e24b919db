import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DockerDriver, dockerDriver, firstColumn } from '../../../host/docker/drivers';
import { dockerDown, dockerUp, driverOf, findDockerDriver } from '../../../host/docker/host';
import { hostPaths } from '../../../host/paths';
import { stepReporter } from '../../../host/steps';

/** Stands for the programs: notes what it is asked, and keeps the list of clusters in a file. */
const PROGRAM = `#!/bin/sh
echo "$(basename "$0") $*" >> "$RECORD/calls"
case "$*" in
  "create cluster"*) echo sublet-h > "$RECORD/clusters"; for word; do case "$word" in --kubeconfig=*) echo config > "\${word#*=}";; esac; done;;
  "cluster create"*) echo sublet-h 1/1 > "$RECORD/clusters";;
  "delete cluster"*|"cluster delete"*) rm "$RECORD/clusters";;
  "get clusters"|"cluster list"*) cat "$RECORD/clusters" 2>/dev/null;;
  "kubeconfig get"*) echo config;;
esac
exit 0
`;

describe('a host in Docker', () => {
  let directory = '';
  const before = { ...process.env };
  const steps = stepReporter(undefined);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sublet-docker-'));
    await mkdir(join(directory, 'bin'));
    Object.assign(process.env, { SUBLET_CACHE: directory, RECORD: directory, PATH: `${directory}/bin:${before.PATH}` });
  });
  afterEach(async () => {
    process.env = { ...before };
    await rm(directory, { recursive: true });
  });

  const install = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) {
      await writeFile(join(directory, 'bin', name), PROGRAM);
      await chmod(join(directory, 'bin', name), 0o755);
    }
  };
  const calls = async (): Promise<string[]> => (await readFile(join(directory, 'calls'), 'utf8')).trim().split('\n');

  it.each<DockerDriver['program']>(['kind', 'k3d'])('is created once by %s, and removed', async (program) => {
    await install('docker', program);
    const driver = await findDockerDriver('it needs root');
    expect(driver.program).toBe(program);
    const paths = hostPaths('h');
    const handle = await dockerUp(paths, driver, {}, steps);
    expect(await dockerUp(paths, driver, {}, steps)).toEqual(handle);
    expect(await readFile(handle.kubeconfig, 'utf8')).toBe('config\n');
    expect((await driverOf(paths))?.program).toBe(program);
    expect((await calls()).filter((call) => call.includes('create'))).toHaveLength(1);
    await dockerDown(paths, driver, steps);
    await expect(access(paths.directory)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await calls()).filter((call) => call.includes('delete'))).toHaveLength(1);
  });

  it('prefers kind', async () => {
    await install('docker', 'k3d', 'kind');
    expect((await findDockerDriver('')).program).toBe('kind');
  });

  it('says what to do where there is nothing to fall back on', async () => {
    process.env.PATH = join(directory, 'bin');
    await expect(findDockerDriver('it needs root')).rejects.toMatchObject({
      code: 'HOST_UNSUPPORTED',
      message: expect.stringContaining('it needs root'),
      hint: expect.stringContaining('--context'),
    });
  });

  it('has no simulated nodes', async () => {
    const up = dockerUp(hostPaths('h'), dockerDriver('kind'), { mode: 'kwok' }, steps);
    await expect(up).rejects.toMatchObject({ code: 'HOST_UNSUPPORTED' });
  });
});

it('takes the names out of a listing', () => {
  expect(firstColumn('a 1/1 0/0\n  b\n\n')).toEqual(['a', 'b']);
});
