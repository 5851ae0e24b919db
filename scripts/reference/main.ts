import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractSymbols } from './extract';
import { renderReference } from './render';

/** Writes `docs/reference`. */
const root = process.cwd();
const folder = join(root, 'docs/reference');
const files = renderReference(extractSymbols(root));
mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) if (!files.has(file)) rmSync(join(folder, file));
for (const [file, text] of files) writeFileSync(join(folder, file), text);
