/** Those of the named members that have a value: how host objects are built from an allow-list of fields. */
export function pick<T extends object, K extends keyof T>(
  source: T | undefined,
  keys: readonly K[],
): Partial<Pick<T, K>> {
  const picked: Partial<Pick<T, K>> = {};
  if (source === undefined) return picked;
  for (const key of keys) {
    if (source[key] !== undefined && source[key] !== null) picked[key] = source[key];
  }
  return picked;
}
