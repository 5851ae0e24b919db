import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { FILES, SubletError } from '../../lib/contract';
import { readEnvironment } from '../app/environment';
import { readStoreMark } from '../engine/absence';
import { pause } from '../kube/abort';
import { createKubeClient } from '../kube/client';
import { connectionOfKubeconfig } from '../kube/config';
import { type BackupFacts, readArchive, writeArchive } from './archive/archive';
import type { BackupRecord } from './archive/records';
import { KEPT_KEYS } from './secrets';
import { createStoreClient, type StoreClient } from './store/client';
import type { KeyValue } from './store/messages';
import { emptyStore, loadSnapshot, takeSnapshot } from './store/snapshot';
import { forgetOld, putBackOld, putEmptyStore } from './store/sqlite';

/**
 * `backup`, run beside the syncer by whoever may run programs in its container: writes a backup of the store to standard
 * output, not encrypted, since it travels inside of TLS and is encrypted where it arrives.
 * @param what `with-keys` or `without-keys`
 */
export async function runBackupCommand(
  variables: NodeJS.ProcessEnv,
  [what]: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { cluster } = readEnvironment(variables);
  const virtual = createKubeClient(connectionOfKubeconfig(FILES.syncerKubeconfig));
  const store = createStoreClient(FILES.kineSocket);
  try {
    const mark = await readStoreMark(virtual, signal);
    if (mark === undefined) throw new SubletError('NOT_READY', 'the virtual API server does not know kube-system yet');
    const kubernetes = versionIn(await virtual.raw('/version', { signal }));
    const { revision, items } = await takeSnapshot(store);
    const facts: BackupFacts = { cluster, uid: mark.uid, kubernetes, revision, takenAt: new Date().toISOString() };
    async function* records(): AsyncGenerator<BackupRecord> {
      if (what !== 'without-keys') {
        for (const name of KEPT_KEYS) yield { kind: 'pki', name, content: await readFile(`${FILES.pkiDir}/${name}`) };
      }
      for await (const item of items) yield { kind: 'key', ...item };
    }
    for await (const bytes of writeArchive(facts, records(), undefined)) {
      if (!process.stdout.write(bytes)) await once(process.stdout, 'drain');
    }
  } finally {
    store.close();
    virtual.close();
  }
}

function versionIn(answer: unknown): string {
  const version = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'gitVersion') : undefined;
  return typeof version === 'string' ? version.replace(/^v/, '') : '';
}

/**
 * `restore`, run in a pod of its own while the control plane is stopped:
 * - `prepare REVISION` puts an empty SQLite store in place,
 * - `hold` waits, so that the next can be run in its container,
 * - `load [empty]` reads a backup from standard input into the store that kine serves, emptied before where asked for,
 * - `finish` deletes what was there before, `revert` puts it back.
 */
export async function runRestoreCommand([step, argument]: readonly string[], signal: AbortSignal): Promise<void> {
  switch (step) {
    case 'prepare':
      return putEmptyStore(FILES.sqliteFile, Number(argument));
    case 'hold':
      return hold(signal);
    case 'load':
      return load(process.stdin, argument === 'empty', signal);
    case 'finish':
      return forgetOld(FILES.sqliteFile);
    case 'revert':
      return void (await putBackOld(FILES.sqliteFile));
    default:
      throw new SubletError('USAGE', `unknown step ${step ?? '(none)'}: use prepare, hold, load, finish or revert`);
  }
}

/** Until the pod is deleted. A timer keeps the process alive, a promise alone does not. */
async function hold(signal: AbortSignal): Promise<void> {
  const timer = setInterval(() => undefined, 60_000);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(timer);
}

async function load(source: AsyncIterable<Buffer>, empties: boolean, signal: AbortSignal): Promise<void> {
  const store = createStoreClient(FILES.kineSocket);
  try {
    await untilServed(store, signal);
    if (empties) await emptyStore(store);
    const { records } = await readArchive(source, () => undefined);
    const count = await loadSnapshot(store, keysOf(records));
    process.stdout.write(`${JSON.stringify({ keys: count })}\n`);
  } finally {
    store.close();
  }
}

const SERVED_WITHIN_MS = 60_000;

/** kine may still be starting. It has no other way to tell than to be asked. */
async function untilServed(store: StoreClient, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + SERVED_WITHIN_MS;
  for (;;) {
    try {
      return void (await takeSnapshot(store));
    } catch (error) {
      if (signal.aborted || performance.now() > deadline) throw error;
      await pause(200, signal);
    }
  }
}

async function* keysOf(
  records: AsyncIterable<BackupRecord>,
): AsyncGenerator<Pick<KeyValue, 'key' | 'value' | 'leased'>> {
  for await (const record of records) if (record.kind === 'key') yield record;
}
