import { type BackupFacts, readArchive, sealed, unsealed, writeArchive } from '../../../syncer/backup/archive/archive';
import type { BackupRecord } from '../../../syncer/backup/archive/records';

const FACTS: BackupFacts = {
  cluster: 'team-a',
  uid: '6f1c',
  kubernetes: '1.37.2',
  revision: 42,
  takenAt: '2026-01-02T03:04:05.000Z',
};
const RECORDS: readonly BackupRecord[] = [
  { kind: 'pki', name: 'ca.key', content: Buffer.from('key') },
  { kind: 'key', key: Buffer.from('/registry/a'), value: Buffer.alloc(300_000, 'secret'), leased: false },
  { kind: 'key', key: Buffer.from('/registry/b'), value: Buffer.alloc(0), leased: true },
];

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
async function all(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
const written = (passphrase?: string): Promise<Buffer> => all(writeArchive(FACTS, each(RECORDS), passphrase));
async function read(file: Buffer, passphrase?: string, pieceLength = file.length): Promise<readonly BackupRecord[]> {
  const pieces = Array.from({ length: Math.ceil(file.length / pieceLength) }, (_, index) =>
    file.subarray(index * pieceLength, (index + 1) * pieceLength),
  );
  const { records } = await readArchive(each(pieces), () => passphrase);
  const found: BackupRecord[] = [];
  for await (const record of records) found.push(record);
  return found;
}

describe('a backup', () => {
  it.each([undefined, 'passphrase'])('gives back what was put into it (passphrase %s)', async (passphrase) => {
    expect(await read(await written(passphrase), passphrase)).toEqual(RECORDS);
  });

  it('can be read in pieces of any size', async () => {
    expect(await read(await written('passphrase'), 'passphrase', 7)).toEqual(RECORDS);
  });

  it('says whose it is without the passphrase', async () => {
    const { header } = await readArchive(each([await written('passphrase')]), () => 'passphrase');
    expect(header).toMatchObject(FACTS);
  });

  it('is encrypted later, and opened again', async () => {
    const plain = await written();
    const closed = await all(sealed(each([plain]), 'passphrase'));
    expect(await read(closed, 'passphrase')).toEqual(RECORDS);
    expect(await all(unsealed(each([closed]), () => 'passphrase'))).toEqual(plain);
  });

  it.each([
    ['cut off', (file: Buffer) => file.subarray(0, file.length - 9)],
    ['changed', (file: Buffer) => Buffer.from(file).fill(0, file.length - 40, file.length - 30)],
    [
      'given to another cluster',
      (file: Buffer) => Buffer.from(file.toString('latin1').replace('team-a', 'team-b'), 'latin1'),
    ],
    ['no backup at all', () => Buffer.from('PK\u0003\u0004 something else')],
  ])('is refused when it is %s', async (_, spoil) => {
    await expect(read(spoil(await written('passphrase')), 'passphrase')).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
    });
  });

  it.each([
    ['another passphrase', 'guessed'],
    ['none', undefined],
  ])('that is encrypted is not read with %s', async (_, passphrase) => {
    await expect(read(await written('passphrase'), passphrase)).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
  });

  it('that is not encrypted is refused when it is cut off or changed', async () => {
    const file = await written();
    await expect(read(file.subarray(0, file.length - 30))).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
    const changed = Buffer.from(file).fill(1, file.length - 60, file.length - 40);
    await expect(read(changed)).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
  });
});
