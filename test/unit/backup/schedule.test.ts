import { backupKey, backupTime, superfluous, timeInKey } from '../../../syncer/backup/objects/names';
import { afterFailure, nextDue } from '../../../syncer/backup/schedule';

const OWNER = { cluster: 'team-a', uid: '6f1c' };
const NOW = Date.parse('2026-01-02T12:00:00Z');
const last = { key: 'k', takenAt: '2026-01-02T10:00:00Z', size: 1, keys: 1, seconds: 1 };
const minutes = (count: number): number => count * 60_000;

describe('the next backup', () => {
  it('is due at once where there is none', () => {
    expect(nextDue({}, 3_600, NOW)).toBe(NOW);
  });

  it('is due a period after the last one began', () => {
    expect(nextDue({ last }, 6 * 3_600, NOW)).toBe(Date.parse('2026-01-02T16:00:00Z'));
  });

  it('is tried again after a failure, ever more rarely', () => {
    let status = afterFailure({ last }, 'OBJECT_STORE', 'away', new Date(NOW));
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      waits.push(nextDue(status, 3_600, NOW) - NOW);
      status = afterFailure(status, 'OBJECT_STORE', 'away', new Date(NOW));
    }
    expect(waits).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30, 30].map(minutes));
    expect(status.last).toEqual(last);
  });
});

describe('which backups go', () => {
  const key = (day: number, owner = OWNER): string => backupKey('clusters/', owner, new Date(Date.UTC(2026, 0, day)));
  const stored = (...keys: string[]) => keys.map((one) => ({ key: one, size: 1 }));

  it('are the oldest of this cluster', () => {
    expect(superfluous(stored(key(3), key(1), key(2)), 'clusters/', OWNER, 2)).toEqual([key(1)]);
  });

  it('are never those of others, nor what is no backup', () => {
    const foreign = [key(1, { ...OWNER, uid: 'other' }), key(1, { cluster: 'team-a-2', uid: '6f1c' }), `${key(1)}.txt`];
    expect(superfluous(stored(...foreign, key(2)), 'clusters/', OWNER, 1)).toEqual([]);
  });

  it('are never the last one', () => {
    expect(superfluous(stored(key(1)), 'clusters/', OWNER, 0)).toEqual([]);
  });

  it('tell when they were taken by their names', () => {
    expect(backupTime(key(2), 'clusters/', OWNER)?.toISOString()).toBe('2026-01-02T00:00:00.000Z');
    expect(timeInKey(key(2, { ...OWNER, uid: 'other' }), 'clusters/', 'team-a')?.toISOString()).toBe(
      '2026-01-02T00:00:00.000Z',
    );
    expect(timeInKey(key(2, { cluster: 'team-a-b', uid: '6f1c' }), 'clusters/', 'team-a')).toBeUndefined();
  });
});
