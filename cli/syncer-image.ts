import { join } from 'node:path';
import { buildSyncerImage, type HostHandle, loadImage } from '../host';
import type { Session } from './session';
import { during } from './terminal/progress';

/** Builds the image of the syncer from this package and loads it into an embedded host: no registry is needed. */
export async function provideSyncerImage(session: Session, host: HostHandle, reference: string): Promise<void> {
  await during(session.progress, 'Building the image of the syncer', async (step) => {
    const archive = await buildSyncerImage({ reference, bundle: join(session.packageRoot, 'dist/syncer/syncer.cjs') });
    step.update('loading it into the host');
    await loadImage(host, archive);
    step.done(`Built ${reference} and loaded it`);
  });
}
