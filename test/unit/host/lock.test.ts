import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../host/process/lock';

describe('the lock of a host', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sublet-lock-'));
  });
  afterEach(() => rm(directory, { recursive: true }));
  const options = { what: 'host test', timeoutMs: 5_000 };

  it('lets one at a time work, and leaves no file', async () => {
    const file = join(directory, 'a.lock');
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([withLock(file, options, work), withLock(file, options, work), withLock(file, options, work)]);
    expect(most).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });

  it('is taken over from a process that died', async () => {
    const file = join(directory, 'b.lock');
    await writeFile(file, JSON.stringify({ pid: process.pid, startTime: 1 }));
    await expect(withLock(file, options, async () => 'done')).resolves.toBe('done');
  });

  it('says who holds it when that takes too long', async () => {
    const file = join(directory, 'c.lock');
    await withLock(file, options, async () => {
      const second = withLock(file, { ...options, timeoutMs: 0 }, async () => 'done');
      await expect(second).rejects.toMatchObject({
        code: 'HOST_SETUP',
        message: expect.stringContaining(`process ${process.pid}`),
      });
    });
  });

  it('is given back when the work fails', async () => {
    const file = join(directory, 'd.lock');
    await expect(withLock(file, options, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readdir(directory)).toEqual([]);
  });

  it('stops waiting when interrupted', async () => {
    const file = join(directory, 'e.lock');
    await withLock(file, options, async () => {
      const second = withLock(file, { ...options, signal: AbortSignal.abort() }, async () => 'done');
      await expect(second).rejects.toMatchObject({ code: 'INTERRUPTED' });
    });
  });
});
