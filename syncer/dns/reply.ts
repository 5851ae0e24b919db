import { type Question, RCODE, type ResourceRecord } from './wire/message';

/** An answer, before it becomes a message. */
export interface Reply {
  readonly rcode: number;
  /** Whether it was made here, from the cluster itself. */
  readonly authoritative: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
}

/** Somebody who can be asked. Never throws: whoever finds nothing out answers `SERVFAIL`. */
export type Ask = (question: Question, options: AskOptions) => Promise<Reply>;

/** How something is asked. */
export interface AskOptions {
  /** Whether signatures are wanted too. */
  readonly dnssecOk: boolean;
}

/** A reply without records. */
export function emptyReply(rcode: number, authorities: readonly ResourceRecord[] = []): Reply {
  return { rcode, authoritative: authorities.length > 0, answers: [], authorities, additionals: [] };
}

/** The reply of who could not find out. */
export const FAILURE: Reply = emptyReply(RCODE.SERVFAIL);
