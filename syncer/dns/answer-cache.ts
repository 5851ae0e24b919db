import type { Ask, Reply } from './reply';
import { RCODE, type ResourceRecord, TYPE } from './wire/message';

/** Bounds of {@link remembering}. */
export interface CacheLimits {
  /** @default 1000 */
  readonly entries?: number;
  /** Seconds for which an answer is kept at most, whatever it says itself. @default 30 */
  readonly seconds?: number;
}

interface Entry {
  readonly reply: Reply;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
}

/**
 * Asks somebody and remembers the answer for as long as it says, so that what is asked all the time is asked once; those
 * who ask for the same at the same time share one query. Failures are not remembered.
 */
export function remembering(ask: Ask, now: () => number, { entries = 1_000, seconds = 30 }: CacheLimits = {}): Ask {
  const known = new Map<string, Entry>();
  const underWay = new Map<string, Promise<Reply>>();
  return async (question, options) => {
    const id = `${question.name} ${question.type} ${options.dnssecOk}`;
    const entry = known.get(id);
    if (entry !== undefined && entry.until > now()) return aged(entry, now());
    known.delete(id);
    const shared = underWay.get(id);
    if (shared !== undefined) return shared;
    const query = ask(question, options).finally(() => underWay.delete(id));
    underWay.set(id, query);
    const reply = await query;
    const ttl = Math.min(seconds, lifetime(reply));
    if (ttl > 0) {
      const [oldest] = known.keys();
      if (known.size >= entries && oldest !== undefined) known.delete(oldest);
      known.set(id, { reply, since: now(), until: now() + ttl * 1_000 });
    }
    return reply;
  };
}

/** Seconds for which a reply may be kept: positive ones by their records, negative ones by the zone's SOA (RFC 2308). */
function lifetime({ rcode, answers, authorities }: Reply): number {
  if (rcode !== RCODE.NOERROR && rcode !== RCODE.NXDOMAIN) return 0;
  if (answers.length > 0) return Math.min(...answers.map(({ ttl }) => ttl));
  const times = authorities.flatMap(({ type, ttl, data }) =>
    type === TYPE.SOA && data.kind === 'soa' ? [Math.min(ttl, data.minimum)] : [],
  );
  return times.length === 0 ? 0 : Math.min(...times);
}

function aged({ reply, since }: Entry, now: number): Reply {
  const age = Math.floor((now - since) / 1_000);
  if (age === 0) return reply;
  const older = (record: ResourceRecord) => ({ ...record, ttl: Math.max(0, record.ttl - age) });
  return {
    ...reply,
    answers: reply.answers.map(older),
    authorities: reply.authorities.map(older),
    additionals: reply.additionals.map(older),
  };
}
