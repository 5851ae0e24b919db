import { isDeepStrictEqual } from 'node:util';

/** Whether two JSON values say the same: members that are absent, `null` or `undefined` don't differ. */
export function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(withoutAbsent(a), withoutAbsent(b));
}

function withoutAbsent(value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (typeof value !== 'object') return value;
  const members = Object.entries(value).map(([key, member]) => [key, withoutAbsent(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}
