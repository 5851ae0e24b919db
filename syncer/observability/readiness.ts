/** One condition of readiness, told by the part that knows it. */
export interface ReadinessGate {
  ready(): void;
  /** `reason` says what is missing, in words for the operator: `the virtual API server does not answer`. */
  notReady(reason: string): void;
}

/** The conditions under which the process can do its work. */
export interface Readiness {
  /** Adds a condition, not met until its gate says so. */
  gate(name: string, reason: string): ReadinessGate;
  /** What is missing, each as `name: reason`; empty when ready. */
  reasons(): readonly string[];
}

/** Makes a set of conditions, ready while it is empty. */
export function createReadiness(): Readiness {
  const missing = new Map<string, string>();
  return {
    gate(name, reason) {
      missing.set(name, reason);
      return {
        ready: () => void missing.delete(name),
        notReady: (why) => void missing.set(name, why),
      };
    },
    reasons: () => [...missing].map(([name, reason]) => `${name}: ${reason}`),
  };
}
