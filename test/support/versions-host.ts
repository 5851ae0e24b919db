import { type HostHandle, hostDown, hostUp } from '../../host';
import { prepareImages } from './images';
import { SHARED_HOST } from './shared-host';

/** A host of their own for the tests of Kubernetes versions: it has many more images than the shared one needs. */
const NAME = SHARED_HOST.replace('test-', 'versions-');

/** Brings the host up with the control plane of one more Kubernetes version; making its images can take minutes. */
export async function hostWithVersion(version: string): Promise<HostHandle> {
  const host = await hostUp({
    name: NAME,
    kubernetesVersions: [version],
    onStep: ({ name, state }) => {
      if (state === 'done') process.stderr.write(`host ${NAME}: ${name}\n`);
    },
  });
  await prepareImages(host);
  return host;
}

/** Takes that host down, unless `SUBLET_KEEP_HOST` asks to keep it for the next run. */
export async function versionsHostDown(): Promise<void> {
  if (!process.env.SUBLET_KEEP_HOST) await hostDown({ name: NAME });
}
