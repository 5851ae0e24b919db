import { resolve } from 'node:path';
import { type HostHandle, hostUp } from '../../host';
import { shortHash } from '../../lib/contract';

/** The name of the host cluster that the tests of this checkout share: another checkout's tests may run beside it. */
export const SHARED_HOST = `test-${shortHash(resolve(__dirname), 6)}`;

/** The host cluster that the tests share. It is up already: the global setup started it. */
export async function sharedHost(): Promise<HostHandle> {
  return hostUp({ name: SHARED_HOST });
}
