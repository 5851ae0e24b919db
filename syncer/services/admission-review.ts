import * as z from 'zod';
import type { Service } from './types';

const service = z.custom<Service>((value) => z.looseObject({ metadata: z.looseObject({}) }).safeParse(value).success);

/** What the API server asks a webhook (`admission.k8s.io/v1`), as far as Services need it. */
export const serviceReview = z.object({
  request: z.object({
    uid: z.string(),
    operation: z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']),
    namespace: z.string().default(''),
    dryRun: z.boolean().nullish(),
    object: service.nullish(),
    oldObject: service.nullish(),
  }),
});

/** One question of the API server. */
export type ServiceRequest = z.infer<typeof serviceReview>['request'];

/** One operation of a JSON patch (RFC 6902). */
export interface JsonPatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** The answer to one question. */
export type Verdict =
  | { readonly kind: 'allow'; readonly patch: readonly JsonPatchOperation[]; readonly warnings: readonly string[] }
  | { readonly kind: 'deny'; readonly code: number; readonly reason: string; readonly message: string };

/** The `AdmissionReview` that carries an answer. */
export function reviewAnswer(uid: string, verdict: Verdict): { readonly [key: string]: unknown } {
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, ...responseOf(verdict) } };
}

function responseOf(verdict: Verdict): { readonly [key: string]: unknown } {
  if (verdict.kind === 'deny') {
    const { code, reason, message } = verdict;
    return { allowed: false, status: { status: 'Failure', code, reason, message } };
  }
  const { patch, warnings } = verdict;
  return {
    allowed: true,
    ...(patch.length > 0 && {
      patchType: 'JSONPatch',
      patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    }),
    ...(warnings.length > 0 && { warnings }),
  };
}
