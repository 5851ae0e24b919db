import { resolve } from 'node:path';
import { buildSyncerImage, type HostHandle, loadImage } from '../../host';
import { resolveSpec } from '../../lib/spec';

/** Builds the syncer's image from this checkout and loads it into the host. */
export async function prepareImages(host: HostHandle): Promise<void> {
  const { images } = resolveSpec({ name: 'any' });
  const bundle = resolve(__dirname, '../../dist/syncer/syncer.cjs');
  await loadImage(host, await buildSyncerImage({ reference: images.syncer, bundle }));
}
