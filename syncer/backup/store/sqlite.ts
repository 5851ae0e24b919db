import { access, rename, rm } from 'node:fs/promises';

/** SQLite keeps a database in up to three files. */
const SUFFIXES = ['', '-wal', '-shm'] as const;

const KEPT = '.before-restore';

/** How far a restored store is ahead of all that was known of it: etcd's own advice, so that nobody has seen such revisions. */
const LEAP = 1_000_000_000;

/**
 * Puts an empty store in place of the one that is there, which is kept beside it until {@link forgetOld}. Where that was
 * done before, the store that is there is one of a restore that was broken off, and goes.
 *
 * The revisions of the new one begin far beyond `revision`, and all before are compacted: whoever still watches the old
 * store is told that its place is gone and lists anew, instead of missing what happens until the old number is reached.
 * @param revision the highest revision that is known of the old store
 */
export async function putEmptyStore(file: string, revision: number): Promise<void> {
  const isKept = await exists(`${file}${KEPT}`);
  for (const suffix of SUFFIXES) {
    if (isKept) await rm(`${file}${suffix}`, { force: true });
    else if (await exists(`${file}${suffix}`)) await rename(`${file}${suffix}`, `${file}${KEPT}${suffix}`);
  }
  // Loaded here only: nothing else touches a database itself.
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file);
  try {
    const start = revision + LEAP;
    database.exec(TABLE);
    // kine's own note of how far it has compacted. It finds it at its start and makes none of its own.
    database
      .prepare(
        'INSERT INTO kine(id, name, created, deleted, create_revision, prev_revision, lease, value) VALUES(?, ?, 1, 0, 0, ?, 0, ?)',
      )
      .run(start, 'compact_rev_key', start, Buffer.alloc(0));
  } finally {
    database.close();
  }
}

/** kine's table, as it makes it where there is none. Its indexes it makes itself. */
const TABLE = `CREATE TABLE kine (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, created INTEGER, deleted INTEGER,
  create_revision INTEGER, prev_revision INTEGER, lease INTEGER, value BLOB, old_value BLOB)`;

/** Puts the store back that was there before {@link putEmptyStore}. @returns whether there was one */
export async function putBackOld(file: string): Promise<boolean> {
  if (!(await exists(`${file}${KEPT}`))) return false;
  for (const suffix of SUFFIXES) {
    await rm(`${file}${suffix}`, { force: true });
    if (await exists(`${file}${KEPT}${suffix}`)) await rename(`${file}${KEPT}${suffix}`, `${file}${suffix}`);
  }
  return true;
}

/** Deletes the store that was there before a restore, once that is complete. */
export async function forgetOld(file: string): Promise<void> {
  for (const suffix of SUFFIXES) await rm(`${file}${KEPT}${suffix}`, { force: true });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
