import type { HostHandle } from '../../host';
import { defaultHostNamespace, type ExternalStore } from '../../lib';
import { type Etcd, startEtcd } from '../support/etcd';
import { findPostgres, type Postgres, startPostgres } from '../support/postgres';
import type { TestObject } from './support/api';
import { apiHost } from './support/host';
import { type Pair, startPair } from './support/pair';

jest.setTimeout(120_000);

const configMap = (name: string, value: string): TestObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { value },
});

/** Starts a virtual cluster whose store is outside, with the Secret that leads to it. */
const startOn = (store: ExternalStore, secret: string, data: { readonly [key: string]: string }): Promise<Pair> =>
  startPair({ spec: { store }, secrets: { [secret]: data } });

let host: HostHandle;
beforeAll(async () => {
  host = await apiHost();
});

describe('one etcd for two virtual clusters', () => {
  let etcd: Etcd;
  let pairs: readonly Pair[] = [];
  const prefixOf = ({ namespace, name }: Pick<Pair, 'namespace' | 'name'>): string => `/sublet/${namespace}/${name}`;

  beforeAll(async () => {
    etcd = await startEtcd(host);
    const store: ExternalStore = { kind: 'etcd', endpoints: [etcd.endpoint], tls: { secretName: 'etcd-client' } };
    pairs = await Promise.all([1, 2].map(() => startOn(store, 'etcd-client', etcd.client)));
  });
  afterAll(async () => {
    await Promise.all(pairs.map((pair) => pair[Symbol.asyncDispose]()));
    await etcd?.[Symbol.asyncDispose]();
  });

  it('shows each its own objects only, under the same names', async () => {
    for (const pair of pairs) await pair.virtual.create(configMap('whose', pair.name));
    for (const pair of pairs) {
      const found = await pair.virtual.get(configMap('whose', ''));
      expect(found?.data.value).toBe(pair.name);
    }
  });

  it('holds nothing but what is below their prefixes, and the mark of what was compacted', async () => {
    const prefixes = pairs.map(prefixOf);
    expect(pairs.map(({ namespace, name }) => namespace === defaultHostNamespace(name))).toEqual([true, true]);
    const keys = await etcd.keys();
    for (const prefix of prefixes) expect(keys).toContain(`${prefix}/configmaps/default/whose`);
    const elsewhere = keys.filter((key) => !prefixes.some((prefix) => key.startsWith(`${prefix}/`)));
    expect(elsewhere.filter((key) => key !== 'compact_rev_key')).toEqual([]);
  });

  it('lets neither see what the other deletes', async () => {
    const [one, other] = pairs;
    await one?.virtual.delete(configMap('whose', ''));
    await one?.virtual.untilGone(configMap('whose', ''));
    expect(await other?.virtual.get(configMap('whose', ''))).toBeDefined();
  });
});

describe('PostgreSQL as the store', () => {
  let postgres: Postgres | undefined;
  let pair: Pair | undefined;

  beforeAll(async () => {
    const programs = await findPostgres();
    if (programs === undefined) {
      console.warn('SKIPPED: this machine has no PostgreSQL (Debian: apt-get install postgresql)');
      return;
    }
    postgres = await startPostgres(host, programs);
    const store: ExternalStore = { kind: 'postgres', connection: { secretName: 'db', key: 'url' } };
    pair = await startOn(store, 'db', { url: postgres.url('team') });
  });
  afterAll(async () => {
    await pair?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
  });

  it('keeps the objects in the database that the Secret names', async () => {
    if (pair === undefined) return;
    await pair.virtual.create(configMap('kept', 'yes'));
    const rows = await postgres?.query('team', "select name from kine where name like '%/configmaps/default/kept'");
    expect(rows).toEqual(['/registry/configmaps/default/kept']);
  });

  it('keeps them when everything in the pod is killed', async () => {
    if (pair === undefined) return;
    await pair.restart();
    expect((await pair.virtual.until(configMap('kept', ''), 'to be there again')).data.value).toBe('yes');
  });

  it('tells nobody its password but kine', async () => {
    if (pair === undefined) return;
    const lines = await pair.commandLines();
    expect(lines.some((line) => line.includes('kine'))).toBe(true);
    expect(lines.filter((line) => line.includes('postgres://'))).toEqual([]);
  });
});
