import { hostDown } from '../../../host';
import { chosenHost } from './host';

/** Takes the run's host down, unless `SUBLET_KEEP_HOST` asks to keep it for the next run. */
async function teardown(): Promise<void> {
  if (!process.env.SUBLET_KEEP_HOST) await hostDown({ name: chosenHost() });
}

module.exports = teardown;
