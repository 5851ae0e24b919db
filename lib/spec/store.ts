import * as z from 'zod';
import {
  type EtcdStore,
  type ExternalStore,
  externalStoreSchemas,
  KINE,
  type MysqlStore,
  type PostgresStore,
  type ResolvedDatabaseStore,
  type ResolvedEtcdStore,
  resolveExternalStore,
} from './external-store';
import { text } from './fields';
import type { ResolvedResources, Resources } from './resources';
import { RULES } from './rules';

/** A volume of its own, which outlives the pod. */
export interface VolumeClaimPersistence<Text = string> {
  readonly kind: 'volumeClaim';
  /**
   * Size of the volume. The host cluster decides whether a later change is possible: Kubernetes itself does not change
   * the volume of a StatefulSet that exists.
   * @default '5Gi'
   */
  readonly size?: Text;
  /**
   * StorageClass on the host.
   * @default - the host cluster's default class
   */
  readonly storageClass?: Text;
  /**
   * Whether the volume stays when the virtual cluster is deleted, or goes with it. When the namespace is deleted, it
   * goes in any case.
   * @default 'retain'
   */
  readonly whenDeleted?: 'retain' | 'delete';
}

/** A volume of the pod: what the virtual cluster holds is lost when its pod is deleted. For tests and throw-aways. */
export interface EphemeralPersistence {
  readonly kind: 'ephemeral';
}

/** Where the store keeps its file. */
export type Persistence<Text = string> = VolumeClaimPersistence<Text> | EphemeralPersistence;

/** SQLite in the control-plane pod: one replica, no dependencies, right for all but the largest virtual clusters. */
export interface SqliteStore<Text = string> {
  readonly kind: 'sqlite';
  /**
   * Where the file of the store lies.
   * @default - a volume claim of 5Gi with the host cluster's default StorageClass
   */
  readonly persistence?: Persistence<Text>;
  /**
   * Resources of the container `kine`, which serves the store.
   * @default - requests of 10m CPU and 48Mi memory, no limits
   */
  readonly resources?: Resources<Text>;
}

/** Where the virtual cluster keeps its objects, told apart by `kind`. */
export type Store<Text = string> = SqliteStore<Text> | ExternalStore<Text>;

/** Makes {@link Persistence} values. */
export interface PersistenceFactory<Text> {
  /** A volume of its own, which outlives the pod. */
  volumeClaim(options?: Omit<VolumeClaimPersistence<Text>, 'kind'>): VolumeClaimPersistence<Text>;
  /** A volume of the pod, lost with it. */
  ephemeral(): EphemeralPersistence;
}

/** Makes {@link Store} values. */
export interface StoreFactory<Text> {
  /** SQLite in the control-plane pod. */
  sqlite(options?: Omit<SqliteStore<Text>, 'kind'>): SqliteStore<Text>;
  /** A PostgreSQL database outside, whose connection URL is in a Secret. */
  postgres(options: Omit<PostgresStore<Text>, 'kind'>): PostgresStore<Text>;
  /** A MySQL or MariaDB database outside, whose connection URL is in a Secret. */
  mysql(options: Omit<MysqlStore<Text>, 'kind'>): MysqlStore<Text>;
  /** An etcd outside. */
  etcd(options: Omit<EtcdStore<Text>, 'kind'>): EtcdStore<Text>;
}

/** The factory of {@link Persistence} for one kind of text (plain, or an adapter's input). */
export function persistenceFactory<Text>(): PersistenceFactory<Text> {
  return { volumeClaim: (options) => ({ kind: 'volumeClaim', ...options }), ephemeral: () => ({ kind: 'ephemeral' }) };
}

/** The factory of {@link Store} for one kind of text (plain, or an adapter's input). */
export function storeFactory<Text>(): StoreFactory<Text> {
  return {
    sqlite: (options) => ({ kind: 'sqlite', ...options }),
    postgres: (options) => ({ kind: 'postgres', ...options }),
    mysql: (options) => ({ kind: 'mysql', ...options }),
    etcd: (options) => ({ kind: 'etcd', ...options }),
  };
}

/** Makes {@link Persistence} values: `Persistence.volumeClaim({ size: '10Gi' })`, `Persistence.ephemeral()`. */
export const Persistence = persistenceFactory<string>();

/** Makes {@link Store} values: `Store.sqlite({ persistence: Persistence.ephemeral() })`. */
export const Store = storeFactory<string>();

/** {@link Store} with nothing left open. */
export type ResolvedStore = ResolvedSqliteStore | ResolvedDatabaseStore | ResolvedEtcdStore;

/** {@link SqliteStore} with nothing left open. */
export interface ResolvedSqliteStore {
  readonly kind: 'sqlite';
  readonly persistence: ResolvedPersistence;
  readonly resources: ResolvedResources;
}

/** {@link Persistence} with nothing left open but the class, which the host may choose. */
export type ResolvedPersistence =
  | {
      readonly kind: 'volumeClaim';
      readonly size: string;
      readonly storageClass?: string;
      readonly whenDeleted: 'retain' | 'delete';
    }
  | EphemeralPersistence;

const persistenceSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('volumeClaim'),
      size: text(RULES.size).optional(),
      storageClass: text(RULES.subdomain).optional(),
      whenDeleted: z.enum(['retain', 'delete']).optional(),
    })
    .readonly(),
  z.strictObject({ kind: z.literal('ephemeral') }).readonly(),
]);

/** The schema of {@link Store}. */
export const storeSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('sqlite'),
      persistence: persistenceSchema.optional(),
      resources: KINE.schema.optional(),
    })
    .readonly(),
  ...externalStoreSchemas,
]);

/** Fills in the defaults. `defaultPrefix`: what the keys of this cluster begin with in an etcd. */
export function resolveStore(store: Store = { kind: 'sqlite' }, defaultPrefix: string): ResolvedStore {
  if (store.kind !== 'sqlite') return resolveExternalStore(store, defaultPrefix);
  return {
    kind: store.kind,
    persistence: resolvePersistence(store.persistence),
    resources: KINE.resolve(store.resources),
  };
}

function resolvePersistence(persistence: Persistence = { kind: 'volumeClaim' }): ResolvedPersistence {
  if (persistence.kind === 'ephemeral') return { kind: 'ephemeral' };
  const { size = '5Gi', storageClass, whenDeleted = 'retain' } = persistence;
  return { kind: 'volumeClaim', size, whenDeleted, ...(storageClass === undefined ? {} : { storageClass }) };
}
