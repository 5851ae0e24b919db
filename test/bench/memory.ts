import type { Figure } from './report';
import { memoryOf } from './syncer-process';

/** When the memory is looked at. */
export interface Moment {
  readonly id: string;
  readonly what: string;
  /** Whether the target for idle syncers holds then. */
  readonly idle: boolean;
}

const IDLE_TARGET_MB = 100;
const MB = 1e6;

/** Resident memory of the syncer's process at a certain moment, in MB of 10^6 bytes. */
export async function measureMemory(syncer: number, { id, what, idle }: Moment): Promise<readonly Figure[]> {
  const { rss, anonymous, peak } = await memoryOf(syncer);
  const megabytes = (bytes: number): string => (bytes / MB).toFixed(0);
  return [
    {
      id: `memory/${id}`,
      what: `RSS of the syncer, ${what}`,
      value: rss / MB,
      unit: 'MB',
      ...(idle ? { target: { below: IDLE_TARGET_MB } } : {}),
      detail: `${megabytes(anonymous)} anonymous, ${megabytes(rss - anonymous)} of files; peak so far ${megabytes(peak)}`,
    },
  ];
}
