import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFiles } from '../../../syncer/bootstrap';

describe('files of the control plane', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sublet-files-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('can be read by owner and group alone, also where a wider file was before', async () => {
    const path = join(directory, 'pki', 'ca.key');
    await writeFiles({ [path]: 'old' }, join(directory, 'pki'));
    await writeFile(path, 'old', { mode: 0o666 });
    await writeFiles({ [path]: 'new' }, join(directory, 'pki'));
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  it('leave no drafts behind', async () => {
    await writeFiles({ [join(directory, 'a')]: '1', [join(directory, 'b')]: '2' }, directory);
    expect((await readdir(directory)).sort()).toEqual(['a', 'b']);
  });
});
