import { type BackupOptions, resolveSpec } from '../../../lib';

const TO: BackupOptions['to'] = {
  kind: 'objectStore',
  endpoint: 'https://s3.example.com',
  bucket: 'team-backups',
  credentials: 'backup-bucket',
};
const resolved = (backup: BackupOptions) => resolveSpec({ name: 'team-a', backup }).sections.backup;

describe('backup', () => {
  it('is off where nothing is declared', () => {
    expect(resolveSpec({ name: 'team-a' }).sections.backup).toEqual({ version: 1, mode: 'off' });
  });

  it('fills in the defaults', () => {
    expect(resolved({ encryption: { secret: 'pass' }, to: TO })).toEqual({
      version: 1,
      mode: 'scheduled',
      everySeconds: 21_600,
      keep: 28,
      keys: 'included',
      encryption: { secret: 'pass', key: 'passphrase' },
      to: {
        kind: 'objectStore',
        endpoint: 'https://s3.example.com',
        region: 'us-east-1',
        bucket: 'team-backups',
        prefix: '',
        credentials: { secret: 'backup-bucket' },
      },
    });
  });

  it.each<[string, BackupOptions, string]>([
    ['a period that is too short', { every: '1m', encryption: 'none', to: TO }, 'backup.every'],
    ['a cron expression', { every: '0 3 * * *', encryption: 'none', to: TO }, 'cron'],
    ['no backup kept', { keep: 0, encryption: 'none', to: TO }, 'backup.keep'],
    ['a bucket with a path', { encryption: 'none', to: { ...TO, bucket: 'a/b' } }, 'prefix'],
    [
      'an endpoint without a protocol',
      { encryption: 'none', to: { ...TO, endpoint: 's3.example.com' } },
      'https://s3.example.com',
    ],
    ['secrets in the open', { encryption: 'none', to: { ...TO, endpoint: 'http://store' } }, 'backup.to.endpoint'],
  ])('refuses %s', (_, backup, said) => {
    expect(() => resolved(backup)).toThrow(said);
  });

  it('may go without TLS where it is encrypted', () => {
    expect(resolved({ encryption: { secret: 'pass' }, to: { ...TO, endpoint: 'http://store:9000' } })).toBeDefined();
  });
});
