import { X509Certificate } from 'node:crypto';
import { RENEW_DAYS } from './inspect';
import { issueLeaf } from './issue';
import { KUBELET_SERVING_NAME } from './profiles';
import type { CertificatePair, PkiSources } from './types';

/**
 * Makes a serving certificate of the kubelet API for `names`, for the key of the one before or a new one. The API
 * server verifies a kubelet by the node's address, and these are known only once their Services exist.
 */
export function kubeletServingCertificate(
  authority: CertificatePair,
  names: readonly string[],
  sources: PkiSources,
  key?: string,
): CertificatePair {
  const profile = { commonName: KUBELET_SERVING_NAME, usage: 'server', sans: names } as const;
  return issueLeaf(profile, authority, sources, key);
}

/** What {@link createServingCertificates} is made of. */
export interface ServingCertificatesParts extends PkiSources {
  /** The authority that clients of the kubelet API and of the webhook trust. */
  readonly authority: CertificatePair;
  /** Certificate to begin with, and its key, which stays. */
  readonly initial: CertificatePair;
  /** Names and addresses that every certificate carries. */
  readonly names: readonly string[];
}

/** The serving certificate of the syncer's own servers, kept up with the nodes' addresses and with time. */
export interface ServingCertificates {
  /** PEM. */
  current(): { readonly certificate: string; readonly key: string; readonly clientAuthority: string };
  /** Calls back when {@link current} gives another. Returns the function that ends it. */
  subscribe(listener: () => void): () => void;
  /**
   * Sets the nodes' addresses. A certificate is made only for addresses that the present one lacks; those of nodes
   * that are gone are dropped at the next one.
   */
  setAddresses(addresses: readonly string[]): void;
  /** Makes a new certificate when the present one is near its end. Call it now and then. */
  renew(): void;
}

const DAY_MS = 86_400_000;

/** Makes the {@link ServingCertificates} of a process. */
export function createServingCertificates(parts: ServingCertificatesParts): ServingCertificates {
  const listeners = new Set<() => void>();
  const { key } = parts.initial;
  let certificate = parts.initial.cert;
  let covered = new Set<string>();
  let wanted: readonly string[] = [];

  const issue = (): void => {
    const issued = kubeletServingCertificate(parts.authority, [...parts.names, ...wanted], parts, key);
    certificate = issued.cert;
    covered = new Set(wanted);
    for (const listener of listeners) listener();
  };
  return {
    current: () => ({ certificate, key, clientAuthority: parts.authority.cert }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setAddresses(addresses) {
      wanted = [...addresses].sort();
      if (wanted.some((address) => !covered.has(address))) issue();
    },
    renew() {
      const left = new X509Certificate(certificate).validToDate.getTime() - parts.now().getTime();
      if (left < RENEW_DAYS * DAY_MS) issue();
    },
  };
}
