import * as z from 'zod';
import { type IssueParams, text } from './fields';
import { type ComponentResources, componentResources, type ResolvedResources, type Resources } from './resources';
import { RULES } from './rules';

/** Where the connection URL of a database is found. It holds a password, so it never stands in a declaration. */
export interface StoreConnection<Text = string> {
  /** Secret in the cluster's host namespace. It must be there before the control plane starts, and is yours to keep. */
  readonly secretName: Text;
  /**
   * Key in its data.
   * @default 'endpoint'
   */
  readonly key?: Text;
}

/** By which certificates kine and the database know each other. */
export interface DatabaseTls<Text = string> {
  /** Secret in the cluster's host namespace, in which `ca.crt` is the authority of the database's certificate. */
  readonly secretName: Text;
  /**
   * Whether kine shows a certificate of its own: `tls.crt` and `tls.key` of the same Secret.
   * @default false
   */
  readonly clientCertificate?: boolean;
}

/** What databases have in common. */
export interface DatabaseOptions<Text = string> {
  /** The Secret with the connection URL. Each virtual cluster needs a database of its own. */
  readonly connection: StoreConnection<Text>;
  /**
   * Certificates of the connection. With them the database's certificate and name are verified, unless the URL says
   * otherwise.
   * @default - what the connection URL says
   */
  readonly tls?: DatabaseTls<Text>;
  /**
   * Resources of the container `kine`, which serves the store.
   * @default - requests of 10m CPU and 48Mi memory, no limits
   */
  readonly resources?: Resources<Text>;
}

/** A PostgreSQL database outside the virtual cluster: `postgres://user:password@db.example.com:5432/team_a`. */
export interface PostgresStore<Text = string> extends DatabaseOptions<Text> {
  readonly kind: 'postgres';
}

/** A MySQL or MariaDB database outside the virtual cluster: `mysql://user:password@tcp(db.example.com:3306)/team_a`. */
export interface MysqlStore<Text = string> extends DatabaseOptions<Text> {
  readonly kind: 'mysql';
}

/** By which certificates the API server and etcd know each other. */
export interface EtcdTls<Text = string> {
  /**
   * Secret in the cluster's host namespace: `ca.crt` is the authority of etcd's certificate, `tls.crt` and `tls.key` are
   * the API server's own as a client of etcd.
   */
  readonly secretName: Text;
}

/**
 * An etcd outside the virtual cluster, which the API server talks to itself. Whoever holds a certificate that this etcd
 * accepts can read all that the certificate's user may: give each virtual cluster a user with rights on its prefix alone.
 */
export interface EtcdStore<Text = string> {
  readonly kind: 'etcd';
  /** Addresses of the members, one at least: `['https://etcd-0.example.com:2379']`. */
  readonly endpoints: readonly Text[];
  /** Certificates of the connection. */
  readonly tls: EtcdTls<Text>;
  /**
   * What all its keys begin with. No other cluster may have the same one, or one that this one begins with.
   * @default '/sublet/<namespace>/<name>'
   */
  readonly prefix?: Text;
}

/** A store outside the control plane's pods, which several of them can share. */
export type ExternalStore<Text = string> = PostgresStore<Text> | MysqlStore<Text> | EtcdStore<Text>;

/** {@link PostgresStore} or {@link MysqlStore} with nothing left open. */
export interface ResolvedDatabaseStore {
  /** Which database. */
  readonly kind: 'postgres' | 'mysql';
  readonly connection: { readonly secretName: string; readonly key: string };
  /** Certificates of the connection. @default - what the connection URL says */
  readonly tls?: { readonly secretName: string; readonly clientCertificate: boolean };
  readonly resources: ResolvedResources;
}

/** {@link EtcdStore} with nothing left open. */
export interface ResolvedEtcdStore {
  readonly kind: 'etcd';
  readonly endpoints: readonly string[];
  readonly tls: { readonly secretName: string };
  readonly prefix: string;
}

/** kine's resources: how they are declared, and their defaults. */
export const KINE: ComponentResources = componentResources({ cpu: '10m', memory: '48Mi' });

const databaseShape = {
  connection: z.strictObject({ secretName: text(RULES.subdomain), key: text(RULES.secretKey).optional() }).readonly(),
  tls: z
    .strictObject({ secretName: text(RULES.subdomain), clientCertificate: z.boolean().optional() })
    .readonly()
    .optional(),
  resources: KINE.schema.optional(),
};

/** The schemas of {@link ExternalStore}. */
export const externalStoreSchemas = [
  z.strictObject({ kind: z.literal('postgres'), ...databaseShape }).readonly(),
  z.strictObject({ kind: z.literal('mysql'), ...databaseShape }).readonly(),
  z
    .strictObject({
      kind: z.literal('etcd'),
      endpoints: z
        .array(text(RULES.httpsUrl))
        .superRefine((endpoints, context) => {
          if (endpoints.length > 0) return;
          const params: IssueParams = { allowed: 'one address at least, such as https://etcd-0.example.com:2379' };
          context.addIssue({ code: 'custom', input: endpoints, message: 'is empty', params });
        })
        .readonly(),
      tls: z.strictObject({ secretName: text(RULES.subdomain) }).readonly(),
      prefix: text(RULES.keyPrefix).optional(),
    })
    .readonly(),
] as const;

/** Fills in the defaults. `defaultPrefix`: what the keys of this cluster begin with in an etcd. */
export function resolveExternalStore(
  store: ExternalStore,
  defaultPrefix: string,
): ResolvedDatabaseStore | ResolvedEtcdStore {
  if (store.kind === 'etcd') {
    const { kind, endpoints, tls, prefix = defaultPrefix } = store;
    return { kind, endpoints, tls: { secretName: tls.secretName }, prefix };
  }
  const { kind, connection, tls } = store;
  return {
    kind,
    connection: { secretName: connection.secretName, key: connection.key ?? 'endpoint' },
    ...(tls && { tls: { secretName: tls.secretName, clientCertificate: tls.clientCertificate ?? false } }),
    resources: KINE.resolve(store.resources),
  };
}
