import type { RequestState } from './request';

/** What is known of one certificate of a pod. Times are in milliseconds since 1970. */
export interface CertificateFacts {
  /** When the certificate that the pod has is due for renewal, undefined while it has none. */
  readonly refreshAt: number | undefined;
  /** The request under way, undefined if there is none. `state` is undefined where nobody knows it (any more). */
  readonly pending: { readonly since: number; readonly state: RequestState | undefined } | undefined;
  readonly now: number;
}

/** What is to be done for it. */
export type CertificateStep =
  /** Nothing until `until`. */
  | { readonly kind: 'rest'; readonly until: number }
  | { readonly kind: 'request' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'store'; readonly chain: string; readonly refreshAt: number }
  | { readonly kind: 'refused'; readonly message: string };

/** A request that nobody knows any more was deleted, if it was not made just now. The kubelet's own time. */
const LOST_AFTER_MS = 10 * 60_000;

/** The next step, as the kubelet takes it. */
export function certificateStep({ refreshAt, pending, now }: CertificateFacts): CertificateStep {
  if (pending === undefined) {
    return refreshAt !== undefined && refreshAt > now ? { kind: 'rest', until: refreshAt } : { kind: 'request' };
  }
  const { since, state } = pending;
  switch (state?.kind) {
    case 'issued':
      return { kind: 'store', chain: state.chain, refreshAt: state.refreshAt };
    case 'refused':
      return { kind: 'refused', message: state.message };
    case 'open':
      return { kind: 'wait' };
    default:
      return now - since < LOST_AFTER_MS ? { kind: 'wait' } : { kind: 'request' };
  }
}
