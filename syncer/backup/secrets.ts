import { clusterNames, OBJECT_STORE_KEYS, PKI_FILES, type ScheduledBackups, SubletError } from '../../lib/contract';
import type { BackupRecord } from './archive/records';
import type { BucketSettings } from './objects/bucket';

/** The values of a Secret, in base64 as the API gives them, or `undefined` where there is none of that name. */
export type ReadSecret = (name: string) => Promise<{ readonly [key: string]: string } | undefined>;

/** Reads Secrets of the host namespace. Each is read when it is needed, so that a new one counts at the next backup. */
export interface SecretReader {
  /** @throws SubletError `CONFIG_INVALID` when the Secret or the key is missing */
  value(name: string, key: string): Promise<string>;
  /** A value that may be missing. */
  optional(name: string, key: string): Promise<string | undefined>;
}

/** Reads Secrets of a host namespace. */
export function secretReader(namespace: string, readSecret: ReadSecret): SecretReader {
  const read = async (name: string, key: string): Promise<string | undefined> => {
    const secret = await readSecret(name);
    if (secret === undefined) throw missing(`Secret ${namespace}/${name} does not exist`);
    const value = secret[key];
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString();
  };
  return {
    optional: read,
    value: async (name, key) => {
      const value = await read(name, key);
      if (value === undefined || value === '') throw missing(`Secret ${namespace}/${name} has no key ${key}`);
      return value;
    },
  };
}

function missing(message: string): SubletError {
  return new SubletError('CONFIG_INVALID', message, { hint: 'make it; backups go on as soon as it is there' });
}

/** Where backups go, with the credentials from their Secret. */
export async function bucketSettings(to: ScheduledBackups['to'], secrets: SecretReader): Promise<BucketSettings> {
  const { endpoint, region, bucket, credentials } = to;
  const optional = (key: string): Promise<string | undefined> => secrets.optional(credentials.secret, key);
  const sessionToken = await optional(OBJECT_STORE_KEYS.sessionToken);
  return {
    endpoint: endpoint.replace(/\/$/, ''),
    region,
    bucket,
    credentials: {
      accessKeyId: await secrets.value(credentials.secret, OBJECT_STORE_KEYS.accessKeyId),
      secretAccessKey: await secrets.value(credentials.secret, OBJECT_STORE_KEYS.secretAccessKey),
      ...(sessionToken && { sessionToken }),
    },
    ca: await optional(OBJECT_STORE_KEYS.ca),
  };
}

/** The passphrase of backups, without the line end that files of passphrases have; `undefined` where there is none. */
export async function passphraseOf(
  { encryption }: Pick<ScheduledBackups, 'encryption'>,
  secrets: SecretReader,
): Promise<string | undefined> {
  if (encryption === undefined) return undefined;
  return (await secrets.value(encryption.secret, encryption.key)).replace(/\r?\n$/, '');
}

/** What cannot be made anew without everybody noticing. All other certificates are issued by these. */
export const KEPT_KEYS: readonly string[] = [
  PKI_FILES.caCert,
  PKI_FILES.caKey,
  PKI_FILES.frontProxyCaCert,
  PKI_FILES.frontProxyCaKey,
  PKI_FILES.serviceAccountKey,
  PKI_FILES.serviceAccountPublicKey,
];

/** The keys of the control plane, for a backup. */
export async function pkiRecords(cluster: string, secrets: SecretReader): Promise<readonly BackupRecord[]> {
  const { certsSecret } = clusterNames(cluster);
  const read = async (name: string): Promise<BackupRecord> => {
    return { kind: 'pki', name, content: Buffer.from(await secrets.value(certsSecret, name)) };
  };
  return Promise.all(KEPT_KEYS.map(read));
}
