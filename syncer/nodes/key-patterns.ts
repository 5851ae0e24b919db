/** Whether a key is among those that patterns name: `example.com/pool`, `example.com/*`, or `*` for all. */
export function matchesAny(key: string, patterns: readonly string[]): boolean {
  return patterns.some(
    (pattern) => pattern === '*' || pattern === key || (pattern.endsWith('/*') && key.startsWith(pattern.slice(0, -1))),
  );
}
