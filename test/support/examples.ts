import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The root of this repository. */
export const ROOT = join(__dirname, '../..');

/** A file of an example. */
export function example(path: string): string {
  return join(ROOT, 'examples', path);
}

/** The examples that have this file. */
export function examplesWith(file: string): readonly string[] {
  const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => name).filter((name) => readdirSync(example(name)).includes(file));
}
