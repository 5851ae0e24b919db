import type { PKI_FILES } from '../../../lib/contract';

/** The name of a file of the PKI, which is also its key in the Secret `<cluster>-certs`. */
export type PkiFile = (typeof PKI_FILES)[keyof typeof PKI_FILES];

/** Every file of the PKI as PEM text. */
export type PkiBundle = { readonly [File in PkiFile]: string };

/** A certificate with its private key, both PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

/** What the certificates are made out to. */
export interface PkiIdentity {
  /** The virtual cluster's name. */
  readonly cluster: string;
  /** The host namespace that holds it. */
  readonly hostNamespace: string;
  /** DNS domain of the virtual cluster's Services. */
  readonly clusterDomain: string;
  /** DNS domain of the host cluster, where it is known. */
  readonly hostClusterDomain?: string;
  /** ClusterIPs of the host Service `<cluster>`. */
  readonly serviceIps: readonly string[];
  /** Names and addresses from the declaration. */
  readonly extraSans: readonly string[];
}

/** Where time and chance come from, so that tests can choose them. */
export interface PkiSources {
  readonly now: () => Date;
  /** That many random bytes, for serial numbers. Keys always come from the platform's own generator. */
  readonly random: (bytes: number) => Uint8Array;
}
