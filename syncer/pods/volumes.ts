import type { Volume, VolumeProjection } from 'kubernetes-types/core/v1';
import { hostNameOf } from '../engine/placement';
import { certificateId, certificateItems, certificateOf } from './certificates/wishes';
import { hostCsiAttributes } from './csi-attributes';
import { translatedImage } from './image-translation';
import { tokenSource } from './tokens';
import { type TrustProjection, trustKey } from './trust-bundles';
import type { Pod, PodContext } from './types';

/**
 * The host's volumes: those that passed the allow-list, with what means something else on the host written anew.
 * `copied` must be what {@link copySpec} made of the pod's volumes, in the same order.
 */
export function hostVolumes(v: Pod, copied: readonly Volume[], ctx: PodContext): Volume[] {
  const virtual = v.spec.volumes ?? [];
  return copied.map((volume, index) => hostVolume(v, virtual[index], volume, ctx));
}

/** The claim of an ephemeral volume, as the ephemeral-volume controller names it: `<pod>-<volume>`. */
export function ephemeralClaimName(v: Pod, volume: string): string {
  return `${v.metadata.name ?? ''}-${volume}`;
}

function hostVolume(v: Pod, virtual: Volume | undefined, copied: HostVolume, ctx: PodContext): HostVolume {
  if (virtual?.ephemeral) {
    const claim = hostNameOf(ephemeralClaimName(v, virtual.name), v.metadata.namespace ?? '', ctx);
    return { ...copied, persistentVolumeClaim: { claimName: claim } };
  }
  if (virtual?.projected && copied.projected) {
    const sources = copied.projected.sources?.map((source, index) =>
      hostProjection(virtual.projected?.sources?.[index], source, certificateId(v, virtual.name, index), ctx),
    );
    return { ...copied, projected: { ...copied.projected, ...(sources && { sources }) } };
  }
  if (copied.csi?.volumeAttributes) {
    return {
      ...copied,
      csi: { ...copied.csi, volumeAttributes: hostCsiAttributes(copied.csi.volumeAttributes, v, ctx) },
    };
  }
  if (copied.image) {
    const { reference } = copied.image;
    const rules = ctx.sections.sync.toHost.pods.translateImages;
    return {
      ...copied,
      image: { ...copied.image, ...(reference && { reference: translatedImage(reference, rules) }) },
    };
  }
  return copied;
}

/** A volume, with those of images, since 1.31. */
type HostVolume = Volume & { readonly image?: { readonly reference?: string; readonly pullPolicy?: string } };

/** What the virtual API server gives a pod (tokens, trust bundles, certificates) reaches it as items of a Secret of its own. */
function hostProjection(
  virtual: VolumeProjection | undefined,
  copied: VolumeProjection,
  certificate: string,
  ctx: PodContext,
): VolumeProjection {
  const token: TokenProjection | undefined = virtual?.serviceAccountToken;
  if (token) return ownSecret([{ key: tokenSource(token).key, path: token.path }], token.user, ctx);
  const trust: TrustProjection | undefined = virtual?.clusterTrustBundle;
  if (trust) return ownSecret([{ key: trustKey(trust), path: trust.path }], trust.user, ctx);
  const wish = certificateOf(virtual);
  return wish ? ownSecret(certificateItems(certificate, wish), wish.user, ctx) : copied;
}

function ownSecret(
  items: readonly { readonly key: string; readonly path: string }[],
  user: number | undefined,
  ctx: PodContext,
): VolumeProjection {
  const owned = items.map((item) => ({ ...item, ...(user !== undefined && { user }) }));
  return { secret: { name: ctx.tokenSecret, items: owned } };
}

type TokenProjection = NonNullable<VolumeProjection['serviceAccountToken']> & {
  /** Since 1.37: owner of the file. */
  readonly user?: number;
};
