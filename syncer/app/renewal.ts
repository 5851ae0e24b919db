import { readFileSync } from 'node:fs';
import { FILES, PKI_FILES } from '../../lib/contract';
import { carriesNames, type ServingCertificates } from '../bootstrap';
import type { ClusterContext } from '../engine/types';
import { type RenewalParts, renewCertificates } from './init';

/** What {@link startRenewal} works with. */
export interface RenewalDependencies extends RenewalParts {
  readonly context: ClusterContext;
  /** Those of the syncer's own servers. */
  readonly certificates: ServingCertificates;
}

/** Keeps a pod's certificates from ending. */
export interface Renewal {
  /** Calls back after the pod's files were looked at, whether or not they had to change. Returns the function that ends it. */
  subscribe(listener: () => void): () => void;
}

/** How often the control plane's certificates are looked at, in milliseconds. They are renewed months before their end. */
const RENEW_EVERY_MS = 12 * 3_600_000;

/**
 * Looks at the certificates of this pod now and then, until `signal` aborts: each pod has files of its own, whether or
 * not its syncer leads.
 */
export function startRenewal(deps: RenewalDependencies, signal: AbortSignal): Renewal {
  const listeners = new Set<() => void>();
  const renew = (): void => {
    deps.certificates.renew();
    renewCertificates(deps, signal).then(
      () => {
        for (const listener of listeners) listener();
      },
      (error: unknown) => {
        if (!signal.aborted) deps.logger.error({ err: error }, 'the certificates could not be looked at');
      },
    );
  };
  // The configuration may have changed since the certificates were made, when the pod started.
  if (!isServedAsDeclared(deps.context)) renew();
  const timer = setInterval(renew, RENEW_EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Whether the API server's certificate carries the names that the configuration asks for. */
function isServedAsDeclared({ config, sections }: ClusterContext): boolean {
  const cert = readFileSync(`${FILES.pkiDir}/${PKI_FILES.apiServerCert}`, 'utf8');
  return carriesNames(cert, [...config.extraSans, ...sections.endpoint.sans]);
}
