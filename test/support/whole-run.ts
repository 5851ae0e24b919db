/** What jest's global hooks are told about which tests run. */
export interface RunScope {
  readonly testPathPatterns: { readonly patterns: readonly string[] };
  readonly testNamePattern?: string;
  readonly onlyChanged: boolean;
  readonly onlyFailures: boolean;
  readonly shard?: unknown;
}

/** Whether all tests of a project run: then what none of them did is never done. */
export function isWholeRun({ testPathPatterns, testNamePattern, onlyChanged, onlyFailures, shard }: RunScope): boolean {
  const named = testPathPatterns.patterns.length > 0 || Boolean(testNamePattern);
  return !named && !onlyChanged && !onlyFailures && !shard;
}
