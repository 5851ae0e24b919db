import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useContext } from '../../../../cli/kubeconfig/edit';
import { kubeconfigPaths } from '../../../../cli/kubeconfig/paths';
import { readKubeconfig, selectContext } from '../../../../cli/kubeconfig/read';
import { changeKubeconfig } from '../../../../cli/kubeconfig/store';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sublet-test-'));
});
afterEach(() => rm(directory, { recursive: true }));

const file = (name: string): string => join(directory, name);
const one = (name: string, server: string, extra = '') =>
  `clusters: [{name: ${name}, cluster: {server: ${server}, certificate-authority: ca.crt}}]\n` +
  `contexts: [{name: ${name}, context: {cluster: ${name}, user: u}}]\n${extra}`;

describe('which files', () => {
  it('follows --kubeconfig, then KUBECONFIG, then the home directory', () => {
    expect(kubeconfigPaths('/x', { KUBECONFIG: '/y' }).files).toEqual(['/x']);
    expect(kubeconfigPaths(undefined, { KUBECONFIG: '/y::/z' }).files).toEqual(['/y', '/z']);
    expect(kubeconfigPaths(undefined, { HOME: '/h' })).toEqual({
      files: ['/h/.kube/config'],
      writeTo: '/h/.kube/config',
    });
  });

  it('writes to the first one that exists', async () => {
    await writeFile(file('b'), '');
    const env = { KUBECONFIG: [file('a'), file('b'), file('c')].join(':') };
    expect(kubeconfigPaths(undefined, env).writeTo).toBe(file('b'));
  });
});

describe('reading', () => {
  it('lets the earlier file win, and makes paths absolute', async () => {
    await writeFile(file('a'), one('x', 'https://first', 'current-context: x\n'));
    await writeFile(file('b'), `${one('x', 'https://second')}current-context: y\n`);
    const selected = selectContext(readKubeconfig([file('a'), file('missing'), file('b')]), undefined);
    expect(selected).toMatchObject({
      name: 'x',
      cluster: { server: 'https://first', 'certificate-authority': file('ca.crt') },
      user: {},
    });
  });

  it.each([
    ['a path, from the file on', './bin/plugin', (directory: string) => join(directory, 'bin/plugin')],
    ['a word, in PATH', 'plugin', () => 'plugin'],
  ])('finds a credential plugin by %s', async (_name, command, expected) => {
    await writeFile(file('a'), one('x', 'https://first', `users: [{name: u, user: {exec: {command: ${command}}}}]\n`));
    const { user } = selectContext(readKubeconfig([file('a')]), 'x');
    expect(user.exec?.command).toBe(expected(directory));
  });

  it('says which contexts there are when the wanted one is not', async () => {
    await writeFile(file('a'), one('x', 'https://first'));
    const config = readKubeconfig([file('a')]);
    expect(() => selectContext(config, 'y')).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('x') }),
    );
    expect(() => selectContext(config, undefined)).toThrow(/no host cluster is chosen/);
  });

  it.each([
    ['no YAML', 'a: [', /is not YAML/],
    ['another shape', 'clusters: 3', /is broken at clusters/],
  ])('refuses a file that is %s', async (_name, text, message) => {
    await writeFile(file('a'), text);
    expect(() => readKubeconfig([file('a')])).toThrow(message);
  });
});

describe('writing', () => {
  it('keeps mode and link, and leaves nothing beside the file', async () => {
    await writeFile(file('real'), 'current-context: a\n', { mode: 0o640 });
    await symlink(file('real'), file('link'));
    expect(await changeKubeconfig(file('link'), [useContext('b')])).toBe(true);
    expect(await readFile(file('real'), 'utf8')).toBe('current-context: b\n');
    expect((await stat(file('real'))).mode & 0o777).toBe(0o640);
    expect((await readdir(directory)).sort()).toEqual(['link', 'real']);
    expect(await changeKubeconfig(file('link'), [useContext('b')])).toBe(false);
  });

  it('makes a new file that only its user may read', async () => {
    await changeKubeconfig(file('sub/config'), [useContext('b')]);
    expect((await stat(file('sub/config'))).mode & 0o777).toBe(0o600);
  });

  it('loses no change where several write at once', async () => {
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => changeKubeconfig(file('f'), [(document) => document.set(name, 1)])),
    );
    for (const name of ['a', 'b', 'c', 'd']) expect(await readFile(file('f'), 'utf8')).toContain(`\n${name}: 1`);
  });

  it('gives up where another program holds the lock', async () => {
    await writeFile(file('f.lock'), '');
    await expect(changeKubeconfig(file('f'), [], 100)).rejects.toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('f.lock'),
    });
  });
});
