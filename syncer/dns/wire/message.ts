/** Types of records that are known by name here (RFC 1035, 3596, 2782, 6672, 6891). */
export const TYPE = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
  OPT: 41,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
} as const;

/** The class of the internet; no other is served. */
export const CLASS_IN = 1;

/** Response codes (RFC 1035, 6891). */
export const RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 } as const;

/** The operation code of an ordinary query. */
export const OPCODE_QUERY = 0;

/**
 * What is asked. Names are written without a dot at the end, the root as the empty text; inside a label, a dot, a
 * backslash and what is no printable ASCII are written `\DDD` (RFC 4343).
 */
export interface Question {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

/** The content of a record: structured where it holds names, which are compressed in a message, as it came otherwise. */
export type RecordData =
  /** NS, CNAME, PTR, DNAME. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'mx'; readonly preference: number; readonly name: string }
  | {
      readonly kind: 'srv';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly name: string;
    }
  | {
      readonly kind: 'soa';
      readonly primary: string;
      readonly mailbox: string;
      readonly serial: number;
      readonly refresh: number;
      readonly retry: number;
      readonly expire: number;
      /** Seconds for which an answer in the negative may be kept. */
      readonly minimum: number;
    }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

/** One record. */
export interface ResourceRecord {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** Seconds. */
  readonly ttl: number;
  readonly data: RecordData;
}

/** What a party says of itself by EDNS (RFC 6891). */
export interface Edns {
  /** The largest UDP message that it takes, in bytes. */
  readonly udpSize: number;
  readonly version: number;
  readonly dnssecOk: boolean;
}

/** A message, query or response. */
export interface Message {
  /** 16 bits that pair a response with its query. */
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  /** Extended by EDNS, where there is EDNS. */
  readonly rcode: number;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  /** Without the OPT record, which is {@link edns}. */
  readonly additionals: readonly ResourceRecord[];
  readonly edns?: Edns;
}
