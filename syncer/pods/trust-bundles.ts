import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { shortHash } from '../../lib/contract';
import { isSelected } from '../engine/selected';
import type { KubeObject, Resource } from '../kube/types';
import type { Pod } from './types';

/** Certificates that a virtual cluster trusts. Since 1.37; their projection into pods needs no more than this. */
export const TRUST_BUNDLES: Resource = {
  group: 'certificates.k8s.io',
  version: 'v1',
  plural: 'clustertrustbundles',
  kind: 'ClusterTrustBundle',
  namespaced: false,
};

/** A ClusterTrustBundle. */
export interface TrustBundle extends KubeObject {
  readonly spec: {
    readonly signerName?: string;
    /** Certificates in PEM, with text between them. */
    readonly trustBundle: string;
  };
}

/** A projected volume's wish for trust bundles: one by its name, or all of a signer that carry certain labels. */
export interface TrustProjection {
  readonly name?: string;
  readonly signerName?: string;
  /** Selects nothing when it is absent, and everything when it is empty. */
  readonly labelSelector?: LabelSelector;
  /** Whether the pod starts, with an empty file, where there is no such bundle. @default false */
  readonly optional?: boolean;
  readonly path: string;
  /** Since 1.37: owner of the file. */
  readonly user?: number;
}

/** The key in the pod's own Secret under which the certificates for a projection lie. Equal wishes get the same key. */
export function trustKey({ name, signerName, labelSelector, optional }: TrustProjection): string {
  return `trust-${shortHash(JSON.stringify([name ?? '', signerName ?? '', labelSelector ?? null, optional ?? false]))}`;
}

/** Whether a pod wants trust bundles. */
export function usesTrustBundles(v: Pod): boolean {
  return trustProjections(v).length > 0;
}

/**
 * What a pod's own Secret holds for its trust bundles, by key. A wish that nothing meets has no key, so that the host's
 * kubelet lets the pod wait, as the tenant's own would.
 */
export function trustFiles(v: Pod, bundles: readonly TrustBundle[]): { readonly [key: string]: string } {
  const files = trustProjections(v).flatMap((projection): [string, string][] => {
    const content = certificates(bundles.filter((bundle) => isWanted(bundle, projection)));
    return content === '' && projection.optional !== true ? [] : [[trustKey(projection), content]];
  });
  return Object.fromEntries(files);
}

function trustProjections(v: Pod): readonly TrustProjection[] {
  const sources = (v.spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  return sources.flatMap(({ clusterTrustBundle }) => (clusterTrustBundle ? [clusterTrustBundle] : []));
}

function isWanted(bundle: TrustBundle, { name, signerName, labelSelector }: TrustProjection): boolean {
  if (name) return bundle.metadata.name === name;
  return bundle.spec.signerName === signerName && labelSelector !== undefined && isSelected(bundle, labelSelector);
}

/** Each certificate once, in the order of the bundles' names, without the text around. The kubelet promises no order. */
function certificates(bundles: readonly TrustBundle[]): string {
  const byName = bundles.toSorted((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  const blocks = byName.flatMap(({ spec }) => spec.trustBundle.match(CERTIFICATE) ?? []);
  return [...new Set(blocks)].map((block) => `${block}\n`).join('');
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
