import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryEntries } from '../../../host/images/debian-root';

describe('a folder as the root of an image', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'sublet-root-'));
    for (const folder of ['usr/bin', 'proc', 'tmp']) await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, 'usr/bin/su'), 'program');
    await writeFile(join(root, 'proc/version'), 'of this machine');
    await chmod(join(root, 'usr/bin/su'), 0o4755);
    await chmod(join(root, 'tmp'), 0o1777);
    await symlink('/etc/alternatives/nc', join(root, 'usr/bin/nc'));
    await symlink('usr/bin', join(root, 'bin'));
  });
  afterAll(() => rm(root, { recursive: true }));

  test('keeps modes, and links as they are, also those that lead nowhere from here', async () => {
    expect(await directoryEntries(root)).toEqual([
      { kind: 'symlink', path: 'bin', target: 'usr/bin' },
      { kind: 'directory', path: 'proc', mode: expect.any(Number) },
      { kind: 'directory', path: 'tmp', mode: 0o1777 },
      { kind: 'directory', path: 'usr', mode: expect.any(Number) },
      { kind: 'directory', path: 'usr/bin', mode: expect.any(Number) },
      { kind: 'symlink', path: 'usr/bin/nc', target: '/etc/alternatives/nc' },
      { kind: 'file', path: 'usr/bin/su', source: join(root, 'usr/bin/su'), mode: 0o4755 },
    ]);
  });
});
