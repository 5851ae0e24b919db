import * as z from 'zod';

/** The section that says how often the virtual cluster's store is saved, and where to. */
export const backupSection = z.discriminatedUnion('mode', [
  /** The syncer saves nothing by itself. */
  z.strictObject({ version: z.literal(1), mode: z.literal('off') }),
  z.strictObject({
    /** Version of this schema. */
    version: z.literal(1),
    mode: z.literal('scheduled'),
    /** Seconds from the beginning of one backup to the next. */
    everySeconds: z.number().int().positive(),
    /** How many are kept. */
    keep: z.number().int().positive(),
    /** Whether the keys of the control plane are in it. */
    keys: z.enum(['included', 'leftOut']),
    /** Secret with the passphrase; without it a backup is not encrypted. */
    encryption: z.strictObject({ secret: z.string(), key: z.string() }).optional(),
    to: z.strictObject({
      kind: z.literal('objectStore'),
      /** Address of the store: `https://s3.example.com`. */
      endpoint: z.string(),
      region: z.string(),
      bucket: z.string(),
      /** What the keys of all backups begin with, such as `backups/`; or nothing. */
      prefix: z.string(),
      /** Secret with `access-key-id` and `secret-access-key`, and where needed `session-token` and `ca.crt`. */
      credentials: z.strictObject({ secret: z.string() }),
    }),
  }),
]);

/** The section that says how often the virtual cluster's store is saved, and where to. */
export type BackupSection = z.infer<typeof backupSection>;

/** The section where backups are made. */
export type ScheduledBackups = Exclude<BackupSection, { readonly mode: 'off' }>;

/** Keys of the Secret by which an object store knows the syncer. */
export const OBJECT_STORE_KEYS = {
  accessKeyId: 'access-key-id',
  secretAccessKey: 'secret-access-key',
  /** Where the two above are for a while only. */
  sessionToken: 'session-token',
  /** CA certificates of the store, PEM, where Node does not know them. */
  ca: 'ca.crt',
} as const;

/** Key of the ConfigMap {@link import('../names').backupStatusName} with what became of the backups, as JSON. */
export const BACKUP_STATUS_KEY = 'status.json';

/** What the syncer notes about its backups. Times are RFC 3339. */
export const backupStatus = z.looseObject({
  /** The last one that is in the store. */
  last: z
    .looseObject({
      key: z.string(),
      takenAt: z.string(),
      /** In bytes. */
      size: z.number(),
      /** How many keys of the store it holds. */
      keys: z.number(),
      /** Seconds that it took. */
      seconds: z.number(),
    })
    .optional(),
  /** What went wrong since. */
  failure: z.looseObject({ at: z.string(), attempts: z.number(), code: z.string(), message: z.string() }).optional(),
  /** When the next one is due. */
  nextAt: z.string().optional(),
});

/** What the syncer notes about its backups. */
export type BackupStatus = z.infer<typeof backupStatus>;
