import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { binaryPath, missingBinaries, recordBinary, toolDirectory } from '../../../host/binaries/cache';
import { downloadRelease } from '../../../host/binaries/official-release';
import type { Tool } from '../../../host/binaries/tools';

describe('an official release', () => {
  const before = process.env.SUBLET_CACHE;
  const content = 'the program';
  const pages: { readonly [path: string]: string } = {
    '/tool': content,
    '/tool.sha256': `${createHash('sha256').update(content).digest('hex')}\n`,
    '/wrong.sha256': `${'0'.repeat(64)}\n`,
    '/page.sha256': '<html>moved</html>',
  };
  let cache = '';
  let server: Server;
  let base = '';

  beforeEach(async () => {
    cache = await mkdtemp(`${tmpdir()}/sublet-release-`);
    process.env.SUBLET_CACHE = cache;
    server = createServer((request, response) => {
      const page = pages[request.url ?? ''];
      response.statusCode = page === undefined ? 404 : 200;
      response.end(page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.SUBLET_CACHE;
    else process.env.SUBLET_CACHE = before;
    await new Promise((resolve) => server.close(resolve));
    await rm(cache, { recursive: true });
  });

  const fetched = async (file: string, checksum: string): Promise<string[]> => {
    const tool: Tool = {
      name: 'tool',
      version: '1',
      binaries: ['tool'],
      go: { kind: 'install', module: 'example.com/tool', packages: [''] },
      releases: [{ url: `${base}/${file}`, checksumUrl: `${base}/${checksum}`, binary: 'tool' }],
    };
    await mkdir(toolDirectory(tool), { recursive: true });
    const record = (binary: string): Promise<void> => recordBinary(tool, binary, 'official release');
    return downloadRelease(tool, await missingBinaries(tool), record).finally(async () => {
      left = await missingBinaries(tool);
      program = await readFile(binaryPath(tool, 'tool'), 'utf8').catch(() => undefined);
    });
  };
  let left: string[] = [];
  let program: string | undefined;

  it('enters the cache when its checksum is right', async () => {
    expect(await fetched('tool', 'tool.sha256')).toEqual(['tool']);
    expect({ left, program }).toEqual({ left: [], program: content });
  });

  it('that does not exist is left to the build from source', async () => {
    expect(await fetched('gone', 'tool.sha256')).toEqual([]);
    expect({ left, program }).toEqual({ left: ['tool'], program: undefined });
  });

  it.each(['wrong.sha256', 'page.sha256'])('never enters the cache with %s', async (checksum) => {
    await expect(fetched('tool', checksum)).rejects.toMatchObject({ code: 'HOST_SETUP' });
    expect({ left, program }).toEqual({ left: ['tool'], program: undefined });
  });
});
