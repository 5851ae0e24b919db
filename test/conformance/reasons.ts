/** Why specs do not pass inside though they pass on the host. */
export interface Reason {
  /** Matches the full text of the specs that it is about. */
  readonly specs: RegExp;
  /** A heading of docs/conformance.md, where it is told at length. */
  readonly reason: string;
}

/** What is known. A failure without a reason here is a defect, or not yet looked at. */
export const REASONS: readonly Reason[] = [
  {
    specs: /^\[sig-network\] (Services should .*NodePort|HostPort )/,
    reason: 'Ports of nodes are those of the host',
  },
  {
    specs: /^\[sig-node\] RuntimeClass should schedule a Pod/,
    reason: 'Runtime classes are the host’s',
  },
  {
    specs: /^\[sig-auth\] ServiceAccounts should mount an API token into pods/,
    reason: 'Tokens do not name the node',
  },
  {
    specs: /^\[sig-apps\] StatefulSet .*Should recreate evicted statefulset/,
    reason: 'A pod that names its node waits for room',
  },
];

/** The reason of a spec that fails inside, or `undefined`. */
export function reasonOf(text: string): string | undefined {
  return REASONS.find(({ specs }) => specs.test(text))?.reason;
}
