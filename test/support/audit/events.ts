import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const eventSchema = z.object({
  auditID: z.string(),
  verb: z.string(),
  requestURI: z.string(),
  requestReceivedTimestamp: z.string(),
  user: z.object({ username: z.string() }),
  objectRef: z
    .object({
      apiGroup: z.string().optional(),
      resource: z.string(),
      subresource: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
    })
    .optional(),
  responseStatus: z.object({ code: z.number().optional() }).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  responseObject: z.unknown().optional(),
});

/** A request to a host's API server, as its audit log tells it. */
export type AuditEvent = z.infer<typeof eventSchema>;

/** Which lines of an audit log are looked at. */
export interface AuditQuery {
  /** Requests received from this time on, in milliseconds since 1970. */
  readonly since: number;
  /** Lines that hold this text. @default - all */
  readonly mentioning?: string;
}

/** The files of a host's audit log: the one that is written, and those that were put aside when they grew too large. */
const AUDIT_FILE = /^audit(-.*)?\.log$/;

/** Each line of a host's audit log, as it is. @param directory the host's */
export async function* auditLines(directory: string): AsyncGenerator<string> {
  for (const file of (await readdir(directory)).filter((name) => AUDIT_FILE.test(name)).sort()) {
    yield* createInterface({ input: createReadStream(join(directory, file)), crlfDelay: Number.POSITIVE_INFINITY });
  }
}

/** Requests that a host's audit log tells of, each once: a watch is written when it begins and when it ends. */
export async function auditEvents(
  directory: string,
  { since, mentioning = '' }: AuditQuery,
): Promise<readonly AuditEvent[]> {
  const events = new Map<string, AuditEvent>();
  for await (const line of auditLines(directory)) {
    if (!line.includes(mentioning) || !line.endsWith('}')) continue;
    const event = eventSchema.parse(JSON.parse(line));
    if (Date.parse(event.requestReceivedTimestamp) >= since) events.set(event.auditID, event);
  }
  return [...events.values()];
}
