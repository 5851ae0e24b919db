import { shortHash } from '../../../lib/contract';
import type { KubeObject, ObjectKey, Resource } from '../../kube/types';
import type { Pod } from '../types';
import type { CertificateProjection } from './wishes';

/** Requests for certificates of pods, which the kubelet makes, and here the syncer in its place. */
export const POD_CERTIFICATE_REQUESTS: Resource = {
  group: 'certificates.k8s.io',
  version: 'v1',
  plural: 'podcertificaterequests',
  kind: 'PodCertificateRequest',
  namespaced: true,
};

/** A PodCertificateRequest, as far as it is read. */
export interface PodCertificateRequest extends KubeObject {
  readonly spec: { readonly podName: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly reason?: string; readonly message?: string }[];
    /** Certificates in PEM, the pod's first. */
    readonly certificateChain?: string;
    /** When to ask for the next one, RFC 3339. */
    readonly beginRefreshAt?: string;
  };
}

/** How a request stands. */
export type RequestState =
  | { readonly kind: 'open' }
  | { readonly kind: 'refused'; readonly message: string }
  /** `refreshAt` in milliseconds since 1970. */
  | { readonly kind: 'issued'; readonly chain: string; readonly refreshAt: number };

/** Reads how a request stands. Of its end there are three kinds, and it comes to one only. */
export function requestState({ status = {} }: PodCertificateRequest): RequestState {
  const end = status.conditions?.find(({ type }) => type === 'Issued' || type === 'Denied' || type === 'Failed');
  if (end === undefined) return { kind: 'open' };
  if (end.type !== 'Issued') {
    const message = `the certificate was ${end.type === 'Denied' ? 'denied' : 'not issued'}: ${end.reason} ${end.message}`;
    return { kind: 'refused', message: message.trim() };
  }
  const chain = (status.certificateChain?.match(CERTIFICATE) ?? []).map((block) => `${block}\n`).join('');
  return { kind: 'issued', chain, refreshAt: Date.parse(status.beginRefreshAt ?? '') };
}

/** What a request says of the pod and where it runs. */
export interface RequestSubject {
  readonly serviceAccountUid: string;
  readonly nodeUid: string;
  /** PKCS #10, DER. */
  readonly request: Buffer;
}

/** The request for one certificate of a pod, in the words of the kubelet. */
export function certificateRequest(v: Pod, projection: CertificateProjection, subject: RequestSubject): KubeObject {
  const { name = '', namespace = '', uid = '' } = v.metadata;
  const { signerName, maxExpirationSeconds, userAnnotations } = projection;
  const stubPKCS10Request = subject.request.toString('base64');
  const request: KubeObject & { readonly spec: object } = {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'PodCertificateRequest',
    metadata: {
      name: `req-${shortHash(stubPKCS10Request)}`,
      namespace,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid }],
    },
    spec: {
      signerName,
      podName: name,
      podUID: uid,
      serviceAccountName: v.spec.serviceAccountName || 'default',
      serviceAccountUID: subject.serviceAccountUid,
      nodeName: v.spec.nodeName,
      nodeUID: subject.nodeUid,
      ...(maxExpirationSeconds !== undefined && { maxExpirationSeconds }),
      stubPKCS10Request,
      ...(userAnnotations !== undefined && { unverifiedUserAnnotations: userAnnotations }),
    },
  };
  return request;
}

/** The pod that a request is for. */
export function podOfRequest(request: PodCertificateRequest): ObjectKey {
  return `${request.metadata.namespace ?? ''}/${request.spec.podName}`;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
