import { shortHash } from '../../../lib/contract';
import type { Pod } from '../types';

/** Kinds of keys that a pod may ask for. */
export type KeyType = 'RSA3072' | 'RSA4096' | 'ECDSAP256' | 'ECDSAP384' | 'ECDSAP521' | 'ED25519';

/** A projected volume's wish for a certificate of the pod. Since 1.35; the older `kubernetes-types` do not know it. */
export interface CertificateProjection {
  readonly signerName: string;
  readonly keyType: KeyType;
  readonly maxExpirationSeconds?: number;
  /** Path of one file with key and chain. */
  readonly credentialBundlePath?: string;
  readonly keyPath?: string;
  readonly certificateChainPath?: string;
  readonly userAnnotations?: { readonly [key: string]: string };
  /** Since 1.37: owner of the files. */
  readonly user?: number;
}

/** One certificate that a pod asks for. Each projection has one of its own. */
export interface CertificateWish {
  /** What its keys in the pod's own Secret begin with. The pod's UID is in it: a later pod of the name sees nothing of it. */
  readonly id: string;
  readonly projection: CertificateProjection;
}

/** An item of the pod's own Secret: which key goes to which path. */
export interface CertificateItem {
  readonly key: string;
  readonly path: string;
}

/** The certificates that a pod asks for. */
export function certificateWishes(v: Pod): readonly CertificateWish[] {
  return (v.spec.volumes ?? []).flatMap((volume) =>
    (volume.projected?.sources ?? []).flatMap((source, index) => {
      const projection = certificateOf(source);
      return projection === undefined ? [] : [{ id: certificateId(v, volume.name, index), projection }];
    }),
  );
}

/** The certificate that one source of a projected volume asks for. */
export function certificateOf(source: object | undefined): CertificateProjection | undefined {
  const { podCertificate }: { podCertificate?: CertificateProjection } = source ?? {};
  return podCertificate ?? undefined;
}

/** The id of the certificate for one source of one volume of a pod. */
export function certificateId(v: Pod, volume: string, source: number): string {
  return `certificate-${shortHash(JSON.stringify([v.metadata.uid ?? '', volume, source]))}`;
}

/** The keys in the pod's own Secret under which the parts of a certificate lie. */
export function certificateKeys(id: string): { readonly bundle: string; readonly key: string; readonly chain: string } {
  return { bundle: `${id}.bundle`, key: `${id}.key`, chain: `${id}.chain` };
}

/** The files that a projection asks for. */
export function certificateItems(id: string, projection: CertificateProjection): readonly CertificateItem[] {
  const { bundle, key, chain } = certificateKeys(id);
  return [
    { key: bundle, path: projection.credentialBundlePath ?? '' },
    { key, path: projection.keyPath ?? '' },
    { key: chain, path: projection.certificateChainPath ?? '' },
  ].filter(({ path }) => path !== '');
}
