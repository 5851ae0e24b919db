import { hostDown, hostUp } from '../../host';
import { prepareImages } from './images';
import { SHARED_HOST } from './shared-host';

/** Starts the shared host cluster before the first test that needs a kubelet. */
async function setup(): Promise<void> {
  const report = ({ name, state, detail }: { name: string; state: string; detail?: string }): void => {
    if (state === 'done') console.error(`host ${SHARED_HOST}: ${name}${detail ? ` (${detail})` : ''}`);
  };
  try {
    const host = await hostUp({ name: SHARED_HOST, onStep: report });
    await prepareImages(host);
  } catch (error) {
    await hostDown({ name: SHARED_HOST });
    throw error;
  }
}

module.exports = setup;
