import { SubletError } from '../../../lib/contract';
import type { KubeClient } from '../../../syncer/kube/types';

/** The client of an API server that there is not: translations are pure, and whoever asks it has a mistake in it. */
export const NO_API: KubeClient = {
  get: refuse,
  list: refuse,
  create: refuse,
  update: refuse,
  patch: refuse,
  delete: refuse,
  post: refuse,
  raw: refuse,
  // biome-ignore lint/correctness/useYield: there is nothing to watch
  async *watch(): AsyncGenerator<never> {
    await refuse();
  },
};

async function refuse(): Promise<never> {
  throw new SubletError('API_UNREACHABLE', 'a translation has asked an API server, of which there is none here');
}
