import { hostDown } from '../../../host';
import { apiHost, chooseHost } from './host';

/** Starts the host's API server, controllers, scheduler and KWOK nodes before the first test of the project `api`. */
async function setup(): Promise<void> {
  const name = chooseHost();
  try {
    await apiHost((step) => console.error(`host ${name}: ${step}`));
  } catch (error) {
    await hostDown({ name });
    throw error;
  }
}

module.exports = setup;
