import { hostDown } from '../../host';
import { SHARED_HOST } from './shared-host';

/** Takes the shared host cluster down, unless `SUBLET_KEEP_HOST` asks to keep it for the next run. */
async function teardown(): Promise<void> {
  if (!process.env.SUBLET_KEEP_HOST) await hostDown({ name: SHARED_HOST });
}

module.exports = teardown;
