import * as z from 'zod';
import { type ErrorCode, SubletError } from '../../lib/contract';

const statusDetails = z.object({
  name: z.string().optional(),
  group: z.string().optional(),
  /** The plural of the kind, in spite of its name. */
  kind: z.string().optional(),
  uid: z.string().optional(),
  retryAfterSeconds: z.number().optional(),
  causes: z
    .array(z.object({ reason: z.string().optional(), message: z.string().optional(), field: z.string().optional() }))
    .optional(),
});
const statusBody = z.object({
  kind: z.literal('Status'),
  message: z.string().optional(),
  reason: z.string().optional(),
  code: z.number().optional(),
  details: statusDetails.optional(),
});
type StatusBody = z.infer<typeof statusBody>;

/** `details` of the `Status` object by which an API server explains a refusal. */
export type StatusDetails = z.infer<typeof statusDetails>;

/** What was asked when the server refused. */
export interface RefusedRequest {
  readonly method: string;
  /** Path with or without its query. */
  readonly path: string;
}

/**
 * An API server's refusal. Its `code` is API_CONFLICT (409), API_NOT_FOUND (404), API_FORBIDDEN (401, 403),
 * WATCH_EXPIRED (410) or API_ERROR.
 */
export class ApiError extends SubletError {
  override readonly name = 'ApiError';

  constructor(
    message: string,
    /** The HTTP status. */
    readonly status: number,
    /** The machine-readable reason (`AlreadyExists`, `Invalid`, …), if the server gave a `Status`. */
    readonly reason: string | undefined,
    readonly details: StatusDetails,
    /** How long the server asks its clients to stay away, in seconds. */
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(codeOf(status), message);
  }

  /**
   * Whether the server itself says that there is no such object. A 404 of the kind, of a path or of a proxy in between
   * names no object, and so is no statement about one.
   */
  isMissingObject(plural: string, name: string): boolean {
    return (
      this.status === 404 && this.reason === 'NotFound' && this.details.name === name && this.details.kind === plural
    );
  }
}

/** Makes the error of an answer whose status is no success. */
export function apiErrorOfAnswer(
  request: RefusedRequest,
  answer: { readonly status: number; readonly retryAfter?: string | undefined; readonly body: string },
): ApiError {
  const parsed = parseStatus(answer.body);
  const header = Number(answer.retryAfter);
  const retryAfter = answer.retryAfter !== undefined && header >= 0 ? header : parsed?.details?.retryAfterSeconds;
  return makeError(request, answer.status, parsed, answer.body, retryAfter);
}

/** Makes the error of an `ERROR` event in a watch, whose object is a `Status`. */
export function apiErrorOfEvent(request: RefusedRequest, object: unknown): ApiError {
  const parsed = statusBody.safeParse(object).data;
  return makeError(request, parsed?.code ?? 500, parsed, '', parsed?.details?.retryAfterSeconds);
}

function makeError(
  request: RefusedRequest,
  status: number,
  parsed: StatusBody | undefined,
  text: string,
  retryAfter: number | undefined,
): ApiError {
  const path = request.path.split('?', 1)[0] ?? '';
  const confidential = carriesSecrets(path);
  const { causes, ...details } = parsed?.details ?? {};
  const fields = causes?.map((cause) => cause.field).filter((field) => field !== undefined) ?? [];
  const said = confidential ? fields.join(', ') : (parsed?.message ?? text.slice(0, LONGEST_QUOTE));
  const parts = [`${request.method} ${path}`, [status, parsed?.reason].filter(Boolean).join(' '), said.trim()];
  return new ApiError(
    parts.filter((part) => part !== '').join(': '),
    status,
    parsed?.reason,
    {
      ...details,
      ...(causes && { causes: confidential ? causes.map(({ message: _, ...cause }) => cause) : causes }),
    },
    retryAfter,
  );
}

/** How much of an answer that is no `Status` goes into the message. */
const LONGEST_QUOTE = 200;

/** Whether a server may quote from a Secret or a token when it refuses: decoding errors hold pieces of the body. */
function carriesSecrets(path: string): boolean {
  return /\/(secrets|tokenreviews)(\/|$)|\/token$/.test(path);
}

function parseStatus(body: string): StatusBody | undefined {
  try {
    return statusBody.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function codeOf(status: number): ErrorCode {
  switch (status) {
    case 401:
    case 403:
      return 'API_FORBIDDEN';
    case 404:
      return 'API_NOT_FOUND';
    case 409:
      return 'API_CONFLICT';
    case 410:
      return 'WATCH_EXPIRED';
    default:
      return 'API_ERROR';
  }
}
