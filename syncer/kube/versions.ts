/**
 * Whether resourceVersion `a` is at least as new as `b`. Kubernetes guarantees since 1.35 that the versions of one kind
 * compare as whole numbers; before that every store in use did so too. Unreadable versions count as newer: the caller
 * then trusts the cache.
 */
export function isAtLeast(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || a === b) return true;
  if (!DIGITS.test(a) || !DIGITS.test(b)) return true;
  return a.length === b.length ? a >= b : a.length > b.length;
}

const DIGITS = /^[1-9][0-9]*$/;
