import type { TLSSocket } from 'node:tls';
import type { Refusal } from './types';

/** The common name of the only client: kube-apiserver, as kubeadm names it. */
export const KUBELET_CLIENT_NAME = 'kube-apiserver-kubelet-client';

/** What the handshake showed about a client. */
export interface ClientEvidence {
  /** Whether it proved to own a certificate that our authority issued for clients and that is valid now. */
  readonly verified: boolean;
  /** Common name of the certificate; `undefined` without one, or with several. */
  readonly commonName: string | undefined;
}

/** Decides whether a client may use the kubelet API: `undefined`, or how it is refused. */
export function refuseClient({ verified, commonName }: ClientEvidence): Refusal | undefined {
  if (!verified) return { status: 401, message: 'Unauthorized' };
  if (commonName === KUBELET_CLIENT_NAME) return undefined;
  return { status: 403, message: 'Forbidden: only the API server of this virtual cluster is served' };
}

/** Reads what the TLS handshake showed. */
export function evidenceOf(socket: TLSSocket): ClientEvidence {
  const { subject } = socket.getPeerCertificate();
  const commonName: unknown = subject?.CN;
  return { verified: socket.authorized, commonName: typeof commonName === 'string' ? commonName : undefined };
}
