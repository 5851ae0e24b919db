import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const TESTS = resolve(__dirname, '../..');
/** The attacks that the threat table lists. */
const ROWS = 34;

/** The numbers of the rows that titles of tests name. */
function namedRows(directory: string): ReadonlySet<number> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.ts'),
  );
  const titles = files.flatMap((file) => readFileSync(join(directory, file), 'utf8').match(/\brow \d+/g) ?? []);
  return new Set(titles.map((title) => Number(title.slice('row '.length))));
}

test('every attack of the threat table is tried by a test that names its row', () => {
  const named = namedRows(TESTS);
  const missing = Array.from({ length: ROWS }, (_, index) => index + 1).filter((row) => !named.has(row));
  expect(missing).toEqual([]);
});
