/** Why a spec does not pass inside though it passes on the host. */
export interface Reason {
  /** Matches the full text of the specs that it is about. */
  readonly specs: RegExp;
  /** A heading of docs/conformance.md. */
  readonly reason: string;
}

/** What is known. A failure without a reason here is a defect, or not yet looked at. */
export const REASONS: readonly Reason[] = [];

/** The reason of a spec that fails inside, or `undefined`. */
export function reasonOf(text: string): string | undefined {
  return REASONS.find(({ specs }) => specs.test(text))?.reason;
}
