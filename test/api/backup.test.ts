import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  ANNOTATIONS,
  BACKUP_STATUS_KEY,
  backupStatusName,
  clusterNames,
  hostName,
  SYNCER_ENV,
  type VirtualClusterOptions,
} from '../../lib';
import { RESTORED_MARK } from '../../lib/contract';
import { readArchive } from '../../syncer/backup/archive/archive';
import { openBucket } from '../../syncer/backup/objects/bucket';
import { RESOURCES } from '../../syncer/kube/resources';
import { eventually } from '../support/eventually';
import type { TestObject } from './support/api';
import { ensureObjectStore, type ObjectStore, startObjectStore } from './support/object-store';
import { startProgram } from './support/program';
import { usePair } from './support/use-pair';

const PORT = 17_070;
const PASSPHRASE = 'correct horse battery staple';
const SYNCER = resolve(__dirname, '../../dist/syncer/syncer.cjs');
/** The syncer tries again half a minute after the first failure. */
const RETRIED_WITHIN_MS = 60_000;

const backup: VirtualClusterOptions['backup'] = {
  every: '1d',
  keep: 2,
  encryption: { secret: 'backup-passphrase' },
  to: {
    kind: 'objectStore',
    endpoint: `http://127.0.0.1:${PORT}`,
    bucket: 'team-backups',
    prefix: 'clusters/',
    credentials: 'backup-bucket',
  },
};
const pair = usePair({ spec: { backup } });
const signal = new AbortController().signal;
beforeAll(ensureObjectStore, 15 * 60_000);

const secret = (name: string, stringData: { readonly [key: string]: string }): TestObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: pair().namespace },
  stringData,
});
const configMap = (name: string, text: string): TestObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { text },
});
const pod = (name: string): TestObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'registry.example/web:1' }] },
});
const onHost = (name: string): TestObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: hostName(name, 'default', pair().name), namespace: pair().namespace },
});
const statusRef = (): TestObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: backupStatusName(pair().name), namespace: pair().namespace },
});
const running = ({ status }: TestObject): boolean => status?.phase === 'Running';
// biome-ignore lint/suspicious/noExplicitAny: what the syncer notes, as a reader of JSON sees it
const noted = ({ data }: TestObject): any => JSON.parse(data[BACKUP_STATUS_KEY]);

/** Runs the syncer's program beside the syncer, as `sublet backup` and `sublet restore` do. */
const program = (...words: string[]) => {
  const { name, namespace, inside } = pair();
  const env = {
    [SYNCER_ENV.cluster]: name,
    [SYNCER_ENV.namespace]: namespace,
    [SYNCER_ENV.podName]: `${name}-0`,
    [SYNCER_ENV.podIp]: '127.0.0.1',
  };
  return startProgram([...inside, process.execPath, SYNCER, ...words], env);
};

async function contents(file: Buffer, passphrase?: string): Promise<ReadonlyMap<string, Buffer>> {
  const { records } = await readArchive(bytes(file), () => passphrase);
  const found = new Map<string, Buffer>();
  for await (const record of records) {
    if (record.kind === 'key') found.set(record.key.toString(), record.value);
    else found.set(`pki ${record.name}`, record.content);
  }
  return found;
}

async function* bytes(file: Buffer): AsyncGenerator<Buffer> {
  yield file;
}

describe('scheduled backups', () => {
  let store: ObjectStore;
  afterAll(() => store?.[Symbol.asyncDispose]());

  it('tell that they fail, and are made good by themselves', async () => {
    await pair().host.until(statusRef(), 'to tell of the failure', (status) => {
      expect(noted(status).failure).toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('backup-bucket'),
      });
    });
    await eventually(
      async () =>
        (await pair().host.list(RESOURCES.events, pair().namespace)).some(({ reason }) => reason === 'BackupFailed'),
      { what: 'an event about the failed backup' },
    );
    await pair().virtual.create(configMap('precious', 'what a tenant keeps secret'));
    store = await startObjectStore(PORT, pair().inside);
    const { accessKeyId, secretAccessKey } = store.credentials;
    await pair().host.create(secret('backup-passphrase', { passphrase: `${PASSPHRASE}\n` }));
    const keys = { 'access-key-id': accessKeyId, 'secret-access-key': secretAccessKey };
    await pair().host.create(secret('backup-bucket', keys));
    await eventually(async () => noted((await pair().host.get(statusRef())) ?? statusRef()).last !== undefined, {
      what: 'a backup to be stored',
      timeoutMs: RETRIED_WITHIN_MS,
    });
    const status = noted((await pair().host.get(statusRef())) ?? statusRef());
    expect(status.failure).toBeUndefined();
    expect(await store.names()).toEqual([status.last.key]);
    expect((await store.read(status.last.key)).length).toBe(status.last.size);
    expect(await pair().syncer.metric('sublet_backup_last_success_timestamp_seconds')).toBeGreaterThan(0);
  });

  it('hold what the cluster needs to come back, for nobody without the passphrase', async () => {
    const [name = ''] = await store.names();
    const file = await store.read(name);
    const found = await contents(file, PASSPHRASE);
    expect(found.get('/registry/configmaps/default/precious')?.toString()).toContain('what a tenant keeps secret');
    expect(found.get('pki ca.key')?.toString()).toContain('PRIVATE KEY');
    expect(file.includes('what a tenant keeps secret')).toBe(false);
    await expect(contents(file, 'another')).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
    const cut = file.subarray(0, file.length - 20);
    await expect(contents(cut, PASSPHRASE)).rejects.toMatchObject({ code: 'BACKUP_INVALID' });
  });
});

describe('an object store', () => {
  let store: ObjectStore;
  beforeAll(async () => {
    store = await startObjectStore(PORT + 1);
  });
  afterAll(() => store?.[Symbol.asyncDispose]());

  it('takes streams of any size, lists, gives back and deletes them', async () => {
    const bucket = openBucket({ ...store, region: 'us-east-1' });
    const large = randomBytes(20 << 20);
    async function* pieces(): AsyncGenerator<Buffer> {
      for (let at = 0; at < large.length; at += 1 << 20) yield large.subarray(at, at + (1 << 20));
    }
    expect(await bucket.put("odd (name)'s/1 & 2.backup", pieces(), signal)).toBe(large.length);
    expect(await bucket.put('small.backup', bytes(Buffer.from('abc')), signal)).toBe(3);
    expect(await bucket.list('', signal)).toEqual([
      { key: "odd (name)'s/1 & 2.backup", size: large.length },
      { key: 'small.backup', size: 3 },
    ]);
    const back: Buffer[] = [];
    for await (const piece of await bucket.get("odd (name)'s/1 & 2.backup", signal)) back.push(piece);
    expect(Buffer.concat(back).equals(large)).toBe(true);
    await bucket.delete("odd (name)'s/1 & 2.backup", signal);
    expect(await bucket.list('odd', signal)).toEqual([]);
  });

  it('refuses who does not know the secret', async () => {
    const credentials = { ...store.credentials, secretAccessKey: 'guessed' };
    const bucket = openBucket({ ...store, region: 'us-east-1', credentials });
    await expect(bucket.list('', signal)).rejects.toMatchObject({
      code: 'OBJECT_STORE',
      message: expect.stringContaining('SignatureDoesNotMatch'),
    });
  });
});

describe('a restore', () => {
  it('is not torn by what is written while the backup is taken', async () => {
    let isOver = false;
    let written = 0;
    const writing = (async () => {
      for (; !isOver; written += 1) await pair().virtual.create(configMap(`row-${written}`, 'x'));
    })();
    await eventually(async () => written > 20, { what: 'some writes' });
    const taken = program('backup', 'with-keys');
    const file = await buffer(taken.stdout);
    isOver = true;
    await writing;
    const rows = [...(await contents(file)).keys()].flatMap((key) => /row-(\d+)$/.exec(key)?.[1] ?? []).map(Number);
    expect(rows.sort((a, b) => a - b)).toEqual(rows.map((_, index) => index));
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.length).toBeLessThanOrEqual(written);
  });

  it('row 29: brings objects back with their UIDs, and deletes no running pod before that is accepted', async () => {
    const { host, virtual, containers, name, namespace, syncer } = pair();
    await virtual.create(pod('old'));
    const old = await virtual.until(pod('old'), 'to run', running);
    const oldOnHost = await host.until(onHost('old'), 'to run', running);
    await virtual.create(pod('bygone'));
    await virtual.until(pod('bygone'), 'to run', running);
    const taken = program('backup', 'with-keys');
    const file = await buffer(taken.stdout);
    const { header } = await readArchive(bytes(file), () => undefined);
    await virtual.create(pod('young'));
    await virtual.until(pod('young'), 'to run', running);
    await virtual.delete(pod('bygone'));
    await host.untilGone(onHost('bygone'));
    await virtual.patch(configMap('precious', ''), { data: { text: 'spoilt' } });
    const spoilt = await virtual.until(configMap('precious', ''), 'to be there');

    for (const container of containers) await container.kill();
    const lease: TestObject = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: clusterNames(name).lease, namespace },
    };
    await program('restore', 'prepare', String(header.revision)).ended();
    const kine = containers.find((one) => one.name === 'kine');
    await kine?.resume();
    const loading = program('restore', 'load');
    loading.stdin.end(file);
    await loading.ended();
    await program('restore', 'finish').ended();
    const marks = { [ANNOTATIONS.highestResourceVersion]: RESTORED_MARK, [ANNOTATIONS.acceptStore]: null };
    await host.patch(lease, { metadata: { annotations: marks } });
    for (const container of containers) if (container !== kine) await container.resume();
    await syncer.untilReady();

    const back = await virtual.until(pod('old'), 'to be there', running);
    expect(back.metadata.uid).toBe(old.metadata.uid);
    expect((await host.get(onHost('old')))?.metadata.uid).toBe(oldOnHost.metadata.uid);
    expect((await host.get(onHost('old')))?.metadata.deletionTimestamp).toBeUndefined();
    expect(await virtual.get(pod('bygone'))).toBeDefined();
    const precious = await virtual.until(configMap('precious', ''), 'to be there');
    expect(precious.data.text).toBe('what a tenant keeps secret');
    expect(BigInt(precious.metadata.resourceVersion ?? 0)).toBeGreaterThan(
      BigInt(spoilt.metadata.resourceVersion ?? 0),
    );
    expect(await virtual.get(pod('young'))).toBeUndefined();
    expect(await syncer.metric('sublet_deletion_brake')).toBe(1);
    expect((await host.get(onHost('young')))?.metadata.deletionTimestamp).toBeUndefined();

    await host.patch(lease, { metadata: { annotations: { [ANNOTATIONS.acceptStore]: header.uid } } });
    await host.untilGone(onHost('young'));
    await virtual.untilGone(pod('bygone'));
    expect((await host.get(onHost('old')))?.metadata.uid).toBe(oldOnHost.metadata.uid);
    expect(await syncer.metric('sublet_deletion_brake')).toBe(0);
  });
});
