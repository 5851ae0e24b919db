import * as z from 'zod';
import type { BackupSection } from '../contract';
import { type IssueParams, plainText, text, wholeNumber } from './fields';
import { RULES, type TextRule } from './rules';

/** A bucket of an object store that speaks the S3 protocol. */
export interface ObjectStoreDestination<Text = string> {
  readonly kind: 'objectStore';
  /** Address of the store: `https://s3.eu-central-1.amazonaws.com`. The bucket becomes the first step of the path. */
  readonly endpoint: Text;
  /** Name of the bucket, which must exist. */
  readonly bucket: Text;
  /** What the names of all backups begin with: `clusters/`. @default '' */
  readonly prefix?: Text;
  /** Region of the bucket. @default 'us-east-1' */
  readonly region?: Text;
  /**
   * Name of a Secret in the host namespace of the virtual cluster, with the keys `access-key-id` and `secret-access-key`;
   * besides, `session-token`, and `ca.crt` for a store with a CA of its own.
   */
  readonly credentials: Text;
}

/** What a backup is encrypted with. Who loses the passphrase loses the backups. */
export interface BackupEncryption<Text = string> {
  /** Name of a Secret in the host namespace of the virtual cluster. */
  readonly secret: Text;
  /** Key of the passphrase in it. @default 'passphrase' */
  readonly key?: Text;
}

/**
 * How often the store of the virtual cluster is saved, and where to. A backup holds everything that the tenant has stored,
 * Secrets too, and by default the keys of the control plane: who reads it can become anybody in the virtual cluster.
 */
export interface BackupOptions<Text = string> {
  /** Time from one backup to the next, in minutes, hours or days: `30m`, `6h`, `1d`. @default '6h' */
  readonly every?: string;
  /** How many backups are kept. Older ones are deleted once a newer one is complete. @default 28 */
  readonly keep?: number;
  /**
   * Whether the certificate authority and the service-account key of the control plane are in it. With them a cluster that
   * was lost as a whole comes back with kubeconfigs and tokens that still hold; without them new ones have to be handed out.
   * @default 'included'
   */
  readonly keys?: 'included' | 'leftOut';
  /** What backups are encrypted with, beyond what the object store does; or that they are not. */
  readonly encryption: BackupEncryption<Text> | 'none';
  /** Where they are stored. */
  readonly to: ObjectStoreDestination<Text>;
}

const SECONDS = { m: 60, h: 3_600, d: 86_400 } as const;

const PERIOD: TextRule = {
  allowed: 'a time of at least 5 minutes, such as 30m, 6h or 1d',
  test: (period) => (secondsOf(period) ?? 0) >= 300,
  hint: (period) =>
    /^\S+ \S+ \S+ \S+ \S+$/.test(period) ? 'a cron expression is not taken: say the time between two' : undefined,
};

/** An endpoint inside the host cluster may do without TLS: a backup is signed, and can be encrypted. */
const ENDPOINT: TextRule = {
  allowed: 'an https:// or http:// address without a path',
  test: (address) => /^https?:\/\/[^\s/]+\/?$/.test(address) && URL.canParse(address),
  hint: (address) => (address.includes('://') ? undefined : `did you mean https://${address}?`),
};

const BUCKET: TextRule = {
  allowed: 'the name of a bucket: 3 to 63 lower-case letters, digits, "-" and "."',
  test: (bucket) => /^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/.test(bucket),
  hint: (bucket) => (bucket.includes('/') ? 'what comes after the "/" belongs into `prefix`' : undefined),
};

const PREFIX: TextRule = {
  allowed: 'up to 512 letters, digits and any of -_./ that do not begin with "/"',
  test: (prefix) => /^([\w.-][\w./-]{0,511})?$/.test(prefix) && !prefix.includes('//'),
};

const REGION: TextRule = {
  allowed: 'a region such as eu-central-1',
  test: (region) => /^[a-z0-9][-a-z0-9]*$/.test(region),
};

const SECRET_KEY: TextRule = {
  allowed: 'a key of a Secret: letters, digits, "-", "_" and "."',
  test: (key) => /^[-._a-zA-Z0-9]{1,253}$/.test(key),
};

/** The schema of {@link BackupOptions}. */
export const backupSchema = z
  .strictObject({
    every: plainText(PERIOD).optional(),
    keep: wholeNumber(1, 10_000).optional(),
    keys: z.enum(['included', 'leftOut']).optional(),
    encryption: z.union([
      z.literal('none'),
      z.strictObject({ secret: text(RULES.subdomain), key: text(SECRET_KEY).optional() }).readonly(),
    ]),
    to: z
      .strictObject({
        kind: z.literal('objectStore'),
        endpoint: text(ENDPOINT),
        bucket: text(BUCKET),
        prefix: text(PREFIX).optional(),
        region: text(REGION).optional(),
        credentials: text(RULES.subdomain),
      })
      .readonly(),
  })
  .superRefine(notInTheOpen)
  .readonly();

/** Everything that tenants have stored must not travel for all to read. */
function notInTheOpen(
  { encryption, to }: { readonly encryption?: unknown; readonly to?: { readonly endpoint?: unknown } },
  context: z.core.$RefinementCtx,
): void {
  const endpoint = to?.endpoint;
  if (encryption !== 'none' || typeof endpoint !== 'string' || !endpoint.startsWith('http://')) return;
  const params: IssueParams = { allowed: 'https://, or http:// with `encryption`' };
  const message = 'would send a backup that is not encrypted for all to read';
  context.addIssue({ code: 'custom', path: ['to', 'endpoint'], input: endpoint, message, params });
}

/** Fills in the defaults. */
export function resolveBackup(backup: BackupOptions | undefined): BackupSection {
  if (backup === undefined) return { version: 1, mode: 'off' };
  const { every = '6h', keep = 28, keys = 'included', encryption, to } = backup;
  const { kind, endpoint, bucket, prefix = '', region = 'us-east-1', credentials } = to;
  return {
    version: 1,
    mode: 'scheduled',
    everySeconds: secondsOf(every) ?? 0,
    keep,
    keys,
    ...(encryption === 'none'
      ? {}
      : { encryption: { secret: encryption.secret, key: encryption.key ?? 'passphrase' } }),
    to: { kind, endpoint, region, bucket, prefix, credentials: { secret: credentials } },
  };
}

function secondsOf(period: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})([mhd])$/.exec(period) ?? [];
  return unit === 'm' || unit === 'h' || unit === 'd' ? Number(count) * SECONDS[unit] : undefined;
}
