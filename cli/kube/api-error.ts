import { z } from 'zod';
import { type ErrorCode, SubletError } from '../../lib/contract';
import type { ApiRequest } from './api';

const statusSchema = z.looseObject({ message: z.string().optional(), reason: z.string().optional() });

const HINTS: { readonly [code in ErrorCode]?: string } = {
  API_FORBIDDEN: 'use a context whose user may do this, or ask an administrator of the host cluster for the right',
};

/** A refusal by an API server, with its HTTP status and reason. */
export class KubeApiError extends SubletError {
  override readonly name = 'KubeApiError';

  constructor(
    code: ErrorCode,
    message: string,
    /** HTTP status. */
    readonly status: number,
    /** `reason` of the server's Status, e.g. `AlreadyExists`; empty where it gave none. */
    readonly reason: string,
  ) {
    const hint = HINTS[code];
    super(code, message, hint === undefined ? {} : { hint });
  }
}

/** The error for an answer of 400 or above. */
export function apiErrorFrom(request: ApiRequest, status: number, body: unknown): KubeApiError {
  const parsed = statusSchema.safeParse(body);
  const said =
    parsed.data?.message ?? (typeof body === 'string' && body !== '' ? body.slice(0, 300) : `HTTP ${status}`);
  const message = `${request.method ?? 'GET'} ${request.path}: ${said}`;
  return new KubeApiError(codeOf(status), message, status, parsed.data?.reason ?? '');
}

/** Whether the server said that the object, or its kind, does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 404;
}

/** Whether the server said that the identity in use may not do this. */
export function isForbidden(error: unknown): boolean {
  return error instanceof KubeApiError && (error.status === 403 || error.status === 401);
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'API_FORBIDDEN';
  if (status === 404) return 'API_NOT_FOUND';
  return status === 409 ? 'API_CONFLICT' : 'API_ERROR';
}
