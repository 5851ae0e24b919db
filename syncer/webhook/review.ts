import { z } from 'zod';
import type { AdmissionAnswer, AdmissionRequest } from './types';

const REVIEW = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' } as const;

const groupVersion = { group: z.string().default(''), version: z.string() };
const admissionReview = z.object({
  apiVersion: z.literal(REVIEW.apiVersion),
  kind: z.literal(REVIEW.kind),
  request: z.object({
    uid: z.string(),
    operation: z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']),
    kind: z.object({ ...groupVersion, kind: z.string() }),
    resource: z.object({ ...groupVersion, resource: z.string() }),
    subResource: z.string().optional(),
    name: z.string().optional(),
    namespace: z.string().optional(),
    userInfo: z.object({ username: z.string().optional(), groups: z.array(z.string()).optional() }),
    object: z.unknown(),
    oldObject: z.unknown(),
    dryRun: z.boolean().default(false),
  }),
});

/** Reads the body of an admission call: the request, or `undefined` if it is no `AdmissionReview` of v1. */
export function readReview(body: string): AdmissionRequest | undefined {
  try {
    return admissionReview.safeParse(JSON.parse(body)).data?.request;
  } catch {
    return undefined;
  }
}

/** Writes the answer to the request with that UID. */
export function writeReview(uid: string, answer: AdmissionAnswer): string {
  return JSON.stringify({ ...REVIEW, response: { uid, ...responseOf(answer) } });
}

function responseOf(answer: AdmissionAnswer): object {
  if (answer.kind === 'deny') {
    const { message, reason, code = 403 } = answer;
    return { allowed: false, status: { status: 'Failure', message, code, ...(reason !== undefined && { reason }) } };
  }
  const { patch = [], warnings = [] } = answer;
  return {
    allowed: true,
    ...(patch.length > 0 && {
      patchType: 'JSONPatch',
      patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    }),
    ...(warnings.length > 0 && { warnings }),
  };
}
